import { orgIdProblem } from "../model/identity.ts";
import { idProblem, type EnvelopeProblem } from "./envelope-problem.ts";
import { utf8Text } from "./utf8-text.ts";

const slash = 0x2f;

/** Whom a record is from, as far as that can be said. */
export interface RecordOrg {
  readonly orgId: string | undefined;
  readonly problem: EnvelopeProblem | undefined;
}

/** The topic says who the org is, else what the record `named`, else its key up to the first `/`. */
export function findOrg(
  key: Uint8Array | null,
  named: string | undefined,
  topicOrgId: string | undefined,
): RecordOrg {
  const orgId = topicOrgId ?? named ?? orgOfKey(key);
  if (orgId === undefined) return { orgId, problem: noOrg };
  const mismatch = named !== undefined && named !== orgId;
  return {
    orgId,
    problem: mismatch ? orgMismatch(named, orgId) : idProblem("the org id", orgId, orgIdProblem),
  };
}

const noOrg: EnvelopeProblem = {
  code: "UNKNOWN_ORG",
  message: "neither the header `org` nor the key names an org",
};

function orgMismatch(named: string, topicOrgId: string): EnvelopeProblem {
  const message = `the record names the org ${JSON.stringify(named)} and its topic ${JSON.stringify(topicOrgId)}`;
  return { code: "ORG_MISMATCH", message };
}

/** An empty part names nothing. */
function orgOfKey(key: Uint8Array | null): string | undefined {
  if (key === null) return undefined;
  const end = key.indexOf(slash);
  return readPart(end === -1 ? key : key.subarray(0, end));
}

/** The asset that a key names after its org: `{org}/{asset}`. A key that begins otherwise names none. */
export function assetOfKey(key: Uint8Array | null, orgId: string | undefined): string | undefined {
  if (key === null || orgId === undefined) return undefined;
  // An org id is ASCII, so that its characters are its bytes.
  const end = orgId.length;
  if (key.length <= end || key[end] !== slash) return undefined;
  for (let at = 0; at < end; at += 1) {
    if (key[at] !== orgId.charCodeAt(at)) return undefined;
  }
  return readPart(key.subarray(end + 1));
}

/** What is not UTF-8 stands as a control character, which no id holds: a key with other bytes names no good id. */
function readPart(bytes: Uint8Array): string | undefined {
  return bytes.length === 0 ? undefined : (utf8Text(bytes) ?? "\u0000");
}
