import { isArray, ownKeys } from "./primordials.ts";
import { joinErrors, placelessFault, type GuestFault } from "./guest-fault.ts";

/** What `validate` decided: the value to go on with, or why not. */
export type Verdict =
  | { readonly kind: "accepted"; readonly value: unknown }
  | { readonly kind: "refused"; readonly fault: GuestFault };

/** Reads what `validate` returned for `decoded`. */
export function readVerdict(returned: unknown, decoded: unknown): Verdict {
  if (returned === undefined || returned === true) return { kind: "accepted", value: decoded };
  if (returned === false) return refused("validate returned false");
  if (typeof returned !== "object" || returned === null) {
    const what = returned === null ? "null" : `a ${typeof returned}`;
    const message = `validate returned ${what}; true, false, nothing, an object or an array are understood`;
    return { kind: "refused", fault: placelessFault("VALIDATE_RESULT", message) };
  }
  if (isArray(returned) || !isVerdictObject(returned)) return { kind: "accepted", value: returned };
  const { valid, errors } = returned as { valid?: unknown; errors?: unknown };
  if (valid === true) return { kind: "accepted", value: decoded };
  if (valid === false) return refused(joinErrors(errors, "validate returned {valid: false} without errors"));
  return { kind: "accepted", value: returned };
}

function refused(message: string): Verdict {
  return { kind: "refused", fault: placelessFault("VALIDATE_REFUSED", message) };
}

/** Whether an object's only own keys are `valid` and perhaps `errors`. */
function isVerdictObject(value: object): boolean {
  const keys = ownKeys(value);
  let valid = false;
  for (let index = 0; index < keys.length; index += 1) {
    if (keys[index] === "valid") valid = true;
    else if (keys[index] !== "errors") return false;
  }
  return valid;
}
