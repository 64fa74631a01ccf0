import ivm from "isolated-vm";
import { slotsBytes } from "../guest/slots.ts";
import type { RunnableTemplate } from "../port.ts";
import {
  compileTemplate,
  openContext,
  tryTopLevels,
  type CompiledTemplate,
  type GuestContext,
} from "./guest-context.ts";

/** Why an isolate was thrown away; each is counted. `limit`: its org's memory limit is another now. */
export type RecycleReason =
  | "timeout"
  | "memory"
  | "doubtful"
  | "limit"
  | "evicted"
  | "pressure"
  | "alone"
  | "closed";

/** Contexts that one isolate keeps; each costs about 0.4 MB of its heap. Beyond, the least recently used goes. */
const contextsPerIsolate = 32;
/** Doubtful events after which a template gets a fresh realm for each: making a sealed one again costs some 2 ms. */
const mostDoubts = 8;
/** Heap that contexts, code and the guest itself may take beside what one event may add, bytes. */
const standingBytes = 32 * 2 ** 20;

/** What trial runs found, by fingerprint: it follows from the source, so no isolate needs to try again. */
export type TrialVerdicts = Map<string, "sealed" | "fresh">;

export interface OrgIsolateOptions {
  readonly snapshot: ivm.ExternalCopy<ArrayBuffer>;
  /** What one event may add to the isolate, bytes. */
  readonly memoryBytes: number;
  readonly crossingEvents: number;
  readonly verdicts: TrialVerdicts;
}

/** A template version as one isolate holds it. */
export interface Resident {
  readonly compiled: CompiledTemplate;
  /** What the template may use here, after its top level has been tried out. */
  realm: "sealed" | "fresh";
  context: GuestContext | undefined;
  /** Events that tried to change a built-in of the sealed realm. */
  doubts: number;
}

/**
 * One V8 isolate and what it holds. It belongs to nobody until an org takes it, then to that org for good. It is
 * `dirty` from the moment a crossing enters it until the crossing has come back in good order.
 */
export class OrgIsolate {
  readonly slots: SharedArrayBuffer;
  readonly mark: Int32Array;
  /** What one event may add to this isolate, bytes. */
  readonly memoryBytes: number;
  readonly #isolate: ivm.Isolate;
  readonly #verdicts: TrialVerdicts;
  readonly #residents = new Map<string, Resident>();
  #orgId: string | undefined;
  #dirty = false;

  constructor({ snapshot, memoryBytes, crossingEvents, verdicts }: OrgIsolateOptions) {
    this.#verdicts = verdicts;
    this.#isolate = new ivm.Isolate({
      snapshot,
      memoryLimit: Math.ceil((memoryBytes + standingBytes) / 2 ** 20),
    });
    this.memoryBytes = memoryBytes;
    this.slots = new SharedArrayBuffer(slotsBytes(crossingEvents));
    this.mark = new Int32Array(this.slots);
  }

  get orgId(): string | undefined {
    return this.#orgId;
  }

  /** Gives a spare isolate to an org. An isolate never changes hands. */
  give(orgId: string): void {
    if (this.#orgId !== undefined && this.#orgId !== orgId)
      throw new Error("an isolate never changes its org");
    this.#orgId = orgId;
  }

  get dirty(): boolean {
    return this.#dirty || this.#isolate.isDisposed;
  }

  get disposed(): boolean {
    return this.#isolate.isDisposed;
  }

  /** A crossing is about to enter. */
  enter(): void {
    this.#dirty = true;
  }

  /** The crossing came back in good order, and the guest has dropped what its events left. */
  leaveClean(): void {
    this.#dirty = false;
  }

  usedHeapBytes(): number {
    const heap = this.#isolate.getHeapStatisticsSync();
    return heap.used_heap_size + heap.externally_allocated_size;
  }

  /**
   * The template as this isolate holds it. The first time it is compiled and, where its source allows the sealed way,
   * its top level is tried out; throws `SourceRefused` or what a stopped call throws.
   */
  resident(template: RunnableTemplate, trialTimeoutMs: number): Resident {
    const known = this.#residents.get(template.fingerprint);
    if (known !== undefined) {
      this.#residents.delete(template.fingerprint);
      this.#residents.set(template.fingerprint, known);
      return known;
    }
    const compiled = compileTemplate(this.#isolate, template);
    const realm =
      template.realm === "fresh" ? "fresh" : this.#clearedRealm(template, compiled, trialTimeoutMs);
    const resident: Resident = { compiled, realm, context: undefined, doubts: 0 };
    this.#residents.set(template.fingerprint, resident);
    this.#evictContexts();
    return resident;
  }

  #clearedRealm(
    { fingerprint }: RunnableTemplate,
    compiled: CompiledTemplate,
    timeoutMs: number,
  ): "sealed" | "fresh" {
    const known = this.#verdicts.get(fingerprint);
    if (known !== undefined) return known;
    try {
      const changed = tryTopLevels(this.#isolate, compiled, timeoutMs);
      const verdict = changed.length === 0 ? "sealed" : "fresh";
      this.#verdicts.set(fingerprint, verdict);
      return verdict;
    } catch (cause) {
      if (this.#isolate.isDisposed) throw cause;
      // A top level that throws, or that runs too long, does so for each event too, and is rejected there.
      return "fresh";
    }
  }

  /** The one context that a sealed template keeps in this isolate. */
  sealedContext(template: RunnableTemplate, resident: Resident): GuestContext {
    resident.context ??= openContext(this.#isolate, template, resident.compiled, "sealed", this.slots);
    return resident.context;
  }

  /** A context for one event. The caller releases it. */
  freshContext(template: RunnableTemplate, resident: Resident): GuestContext {
    return openContext(this.#isolate, template, resident.compiled, "fresh", this.slots);
  }

  /** The context that the next event of a template runs in. A fresh one is the isolate's to release. */
  freshOrSealed(template: RunnableTemplate, resident: Resident): GuestContext {
    if (resident.realm === "sealed") return this.sealedContext(template, resident);
    resident.context?.release();
    resident.context = this.freshContext(template, resident);
    return resident.context;
  }

  /** Throws a doubtful context away; the next event gets another. */
  forgetContext(resident: Resident): void {
    if (!this.#isolate.isDisposed) resident.context?.release();
    resident.context = undefined;
  }

  /** An event tried to change a built-in of the template's sealed realm: the realm is thrown away. */
  doubt(resident: Resident): void {
    this.forgetContext(resident);
    resident.doubts += 1;
    if (resident.doubts >= mostDoubts) resident.realm = "fresh";
  }

  forget(fingerprint: string): void {
    this.#residents.get(fingerprint)?.context?.release();
    this.#residents.delete(fingerprint);
  }

  #evictContexts(): void {
    for (const fingerprint of this.#residents.keys()) {
      if (this.#residents.size <= contextsPerIsolate) return;
      this.forget(fingerprint);
    }
  }

  dispose(): void {
    this.#residents.clear();
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}
