import { readFileSync } from "node:fs";
import { MillraceError } from "../model/error.ts";
import { describeOrigin, type HttpSettings } from "./config.ts";
import type { LayerValue } from "./layer.ts";

/**
 * What a bearer token may be (RFC 6750). At least 16 characters, so that it cannot be guessed over the network; at most
 * what fits into a header beside all others.
 */
const tokenGrammar = /^[A-Za-z0-9._~+/-]{1,1024}=*$/;
const shortestToken = 16;
const longestToken = 1_024;

const expected = `a token has ${shortestToken} to ${longestToken} letters, digits and -._~+/, and = at its end only`;

/** Checks what the layers say of the token, in words that never hold it. Throws `CONFIG`. */
export function checkTokens(token: LayerValue | undefined, file: LayerValue | undefined): void {
  if (token?.value === undefined) return;
  const where = describeOrigin(token.origin);
  if (!isToken(token.value)) {
    throw new MillraceError("CONFIG", `${where}: http.token is not allowed: ${expected}`);
  }
  if (file?.value !== undefined) {
    const other = describeOrigin(file.origin);
    throw new MillraceError(
      "CONFIG",
      `${where}: http.token is set, and ${other} sets http.tokenFile; keep one of them`,
    );
  }
}

/** The token that requests must carry, read from its file where it is kept in one. Throws `CONFIG`. */
export function readHttpToken({ token, tokenFile }: HttpSettings): string | undefined {
  if (tokenFile === undefined) return token;
  let text: string;
  try {
    // A file that an editor or `echo` has written ends with a line break.
    text = readFileSync(tokenFile, "utf8").trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("CONFIG", `http.tokenFile: ${tokenFile} cannot be read (${reason})`, { cause });
  }
  if (!isToken(text)) {
    throw new MillraceError("CONFIG", `http.tokenFile: what ${tokenFile} holds is not allowed: ${expected}`);
  }
  return text;
}

function isToken(value: unknown): value is string {
  if (typeof value !== "string") return false;
  return value.length >= shortestToken && value.length <= longestToken && tokenGrammar.test(value);
}
