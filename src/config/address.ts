import { isIP } from "node:net";
import { resolve } from "node:path";
import { MillraceError } from "../model/error.ts";

/** Where a catalog is read from. */
export interface DirectoryAddress {
  readonly scheme: "dir";
  /** An absolute path. */
  readonly path: string;
}

/** Where topics are kept. */
export interface LogAddress {
  readonly scheme: "sqlite";
  /** An absolute path. */
  readonly path: string;
}

/** Where a server listens. */
export interface ListenAddress {
  /** An IP address, without brackets. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

/**
 * Parses the address of a catalog. Addresses are not URLs: a relative path stays relative (to `baseDir`, the folder
 * of the file or the shell that named it), and characters that a URL would escape stand for themselves.
 *
 * Throws `CONFIG` for an address of another kind; `key` says whose address it is.
 */
export function parseCatalogAddress(key: string, address: string, baseDir: string): DirectoryAddress {
  return parsePathAddress({ key, scheme: "dir", names: "directory" }, address, baseDir);
}

/** Parses the address of a log, as {@link parseCatalogAddress} does. */
export function parseLogAddress(key: string, address: string, baseDir: string): LogAddress {
  return parsePathAddress({ key, scheme: "sqlite", names: "file" }, address, baseDir);
}

/** Parses `HOST:PORT`. Throws `CONFIG`; a name other than `localhost` is refused, for it may change what it means. */
export function parseListenAddress(key: string, address: string): ListenAddress {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const [, bracketed, plain = "", digits = ""] = match ?? [];
  const host = bracketed ?? (plain === "localhost" ? "127.0.0.1" : plain);
  const port = Number(digits);
  const isHost = bracketed === undefined ? isIP(host) === 4 : isIP(host) === 6;
  if (match === null || !isHost || port > 65_535) {
    throw new MillraceError(
      "CONFIG",
      `${key}: ${quote(address)} is not HOST:PORT; write an IP address or localhost and a port, as in 127.0.0.1:8080 or [::1]:8080`,
    );
  }
  return { host, port };
}

interface PathAddressKind<Scheme extends string> {
  readonly key: string;
  readonly scheme: Scheme;
  readonly names: "directory" | "file";
}

function parsePathAddress<Scheme extends string>(
  { key, scheme, names }: PathAddressKind<Scheme>,
  address: string,
  baseDir: string,
): { readonly scheme: Scheme; readonly path: string } {
  const refuse = (what: string): never => {
    throw new MillraceError("CONFIG", `${key}: ${what}; write ${scheme}:PATH`);
  };
  const given = /^([a-z][a-z0-9+]*):/.exec(address)?.[1];
  if (given === undefined) return refuse(`${quote(address)} is no address`);
  if (given !== scheme) return refuse(`${quote(`${given}:`)} is not supported`);
  const path = address.slice(`${scheme}:`.length);
  if (path === "" || path.includes("\0")) return refuse(`${quote(address)} names no ${names}`);
  return { scheme, path: resolve(baseDir, path) };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
