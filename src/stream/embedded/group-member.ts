import { MillraceError } from "../../model/error.ts";
import type { GroupMember, JoinOptions, PartitionOwner, TopicPartition } from "../port.ts";
import { lockGroup, type GroupLock } from "./group-lock.ts";
import { faultOf } from "./sqlite-fault.ts";
import { ownPartition, type EmbeddedOwner, type OwnerLog } from "./partition-owner.ts";

/** What a member needs of the log. */
export interface MemberLog extends OwnerLog {
  readonly path: string;
  readonly onClose: (member: EmbeddedMember) => void;
}

/** Joins a group: takes its lock for this process, and deals the partitions out by number. */
export async function joinGroup(log: MemberLog, options: JoinOptions): Promise<EmbeddedMember> {
  for (const topic of options.topics) log.findTopic(topic);
  const lock = await lockGroup(log.path, options.group);
  return new EmbeddedMember(log, options, lock);
}

export class EmbeddedMember implements GroupMember {
  readonly #log: MemberLog;
  readonly #options: JoinOptions;
  readonly #lock: GroupLock;
  readonly #owners = new Set<EmbeddedOwner>();
  #topics: readonly string[] = [];
  #assignments = 0;
  #announcement: NodeJS.Immediate | undefined;
  #closing: Promise<void> | undefined;

  constructor(log: MemberLog, options: JoinOptions, lock: GroupLock) {
    this.#log = log;
    this.#options = options;
    this.#lock = lock;
    this.#assign(options.topics);
  }

  async subscribe(topics: readonly string[]): Promise<void> {
    this.#checkOpen();
    for (const topic of topics) this.#log.findTopic(topic);
    this.#assign(topics);
  }

  async own(topic: string, partition: number, alongside: readonly string[] = []): Promise<PartitionOwner> {
    this.#checkOpen();
    const topics = [topic, ...alongside].map(this.#log.findTopic);
    const lacking = topics.find(({ partitions }) => !(partition >= 0 && partition < partitions));
    if (lacking !== undefined) {
      throw new MillraceError("TOPIC", `topic ${lacking.name} has no partition ${partition}`);
    }
    const assignments = this.#assignments;
    const owner = await ownPartition(this.#log, { group: this.#options.group, topics, partition });
    if (this.#closing !== undefined || assignments !== this.#assignments) owner.end();
    for (const earlier of this.#owners) {
      if (earlier.ended) this.#owners.delete(earlier);
    }
    this.#owners.add(owner);
    return owner;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearImmediate(this.#announcement);
    await Promise.all([...this.#owners].map((owner) => owner.release()));
    this.#lock.close();
    this.#log.onClose(this);
  }

  #assign(topics: readonly string[]): void {
    this.#topics = topics;
    clearImmediate(this.#announcement);
    // Not at once: who joins has no member in hand before `join` has resolved.
    this.#announcement = setImmediate(() => {
      this.#assignments += 1;
      for (const owner of this.#owners) owner.end();
      this.#owners.clear();
      this.#announce();
    });
  }

  #announce(): void {
    let assigned: readonly TopicPartition[];
    try {
      assigned = this.#assigned();
    } catch (error) {
      this.#options.onFault(faultOf(error, this.#log.path));
      return;
    }
    this.#options.onAssignment(assigned);
  }

  #assigned(): readonly TopicPartition[] {
    const { index, of } = this.#options.share;
    return this.#topics.flatMap((topic) => {
      const { partitions } = this.#log.findTopic(topic);
      return Array.from({ length: partitions }, (_, partition) => ({ topic, partition })).filter(
        ({ partition }) => partition % of === index,
      );
    });
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new MillraceError("CLOSED", `the member of group ${this.#options.group} is closed`);
    }
  }
}
