import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether only this machine can reach an IP address. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** Whether `HOST[:PORT]`, as a `Host` header has it, names this machine itself and no name that anyone may give it. */
export function isLocalAuthority(authority: string): boolean {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(authority);
  const [, bracketed, plain = ""] = match ?? [];
  return plain.toLowerCase() === "localhost" || isLoopback(bracketed ?? plain);
}
