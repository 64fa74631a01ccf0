import { createWriteStream, fstatSync } from "node:fs";
import type { Writable } from "node:stream";
import { MillraceError } from "../model/error.ts";

/** `closed`: the reader has gone away (`| head`), and there is nobody left to write for. */
export type SinkState = "open" | "closed";

/** Where data goes, with back-pressure. */
export interface Sink {
  /**
   * Hands a chunk over and resolves once more may be handed over. Rejects with `OUTPUT` where the bytes cannot be
   * kept: a full disk, a closed device.
   */
  write(chunk: Uint8Array | string): Promise<SinkState>;
  /** Resolves once everything written so far is with the operating system. Rejects as `write` does. */
  flush(): Promise<SinkState>;
}

const stdoutFd = 1;

/**
 * Opens the standard output. A terminal and a pipe are written through `process.stdout`. A file or device is not:
 * there Node writes in blocking calls and drops what a nearly full disk did not take; a file stream writes the rest
 * again and so meets the error.
 */
export function openStdout(): Sink {
  const kind = fstatSync(stdoutFd);
  const isFile = kind.isFile() || (kind.isCharacterDevice() && !process.stdout.isTTY);
  return createSink(isFile ? createWriteStream("", { fd: stdoutFd, autoClose: false }) : process.stdout);
}

/** Wraps a stream whose errors nobody else listens to. */
export function createSink(stream: Writable): Sink {
  let failure: Error | undefined;
  // A failing write is told to its callback too; the listener keeps the event from ending the process.
  stream.on("error", (error: Error) => {
    failure ??= error;
  });

  const settle = (error: Error | null | undefined): SinkState => {
    const cause = failure ?? error;
    if (!cause) return "open";
    if ("code" in cause && cause.code === "EPIPE") return "closed";
    throw new MillraceError("OUTPUT", `cannot write to the standard output: ${reason(cause)}`, { cause });
  };

  const write = async (chunk: Uint8Array | string): Promise<SinkState> => {
    if (failure !== undefined) return settle(failure);
    const error = await new Promise<Error | null | undefined>((resolve) => {
      stream.write(chunk, resolve);
    });
    return settle(error);
  };
  return { write, flush: () => write("") };
}

function reason(error: Error): string {
  if (!("code" in error)) return error.message;
  switch (error.code) {
    case "ENOSPC":
      return "the disk is full (ENOSPC)";
    case "EDQUOT":
      return "the disk quota is used up (EDQUOT)";
    case "EFBIG":
      return "the file may not grow further (EFBIG)";
    case "EIO":
      return "the device failed (EIO)";
    default:
      return error.message;
  }
}
