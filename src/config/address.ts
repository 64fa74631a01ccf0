import { resolve } from "node:path";
import { MillraceError } from "../model/error.ts";

/** Where a catalog is read from. */
export interface DirectoryAddress {
  readonly scheme: "dir";
  /** An absolute path. */
  readonly path: string;
}

/**
 * Parses the address of a catalog. Addresses are not URLs: a relative path stays relative (to `baseDir`, the folder
 * of the file or the shell that named it), and characters that a URL would escape stand for themselves.
 *
 * Throws `CONFIG` for an address of another kind; `key` says whose address it is.
 */
export function parseCatalogAddress(key: string, address: string, baseDir: string): DirectoryAddress {
  const scheme = /^([a-z][a-z0-9+]*):/.exec(address)?.[1];
  if (scheme === undefined) {
    throw new MillraceError("CONFIG", `${key}: ${quote(address)} is no address; write dir:PATH`);
  }
  if (scheme !== "dir") {
    throw new MillraceError("CONFIG", `${key}: ${quote(`${scheme}:`)} is not supported; write dir:PATH`);
  }
  const path = address.slice("dir:".length);
  if (path === "" || path.includes("\0")) {
    throw new MillraceError("CONFIG", `${key}: ${quote(address)} names no directory; write dir:PATH`);
  }
  return { scheme, path: resolve(baseDir, path) };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
