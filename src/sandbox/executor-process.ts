import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { MillraceError } from "../model/error.ts";
import type { ExecutorLink, LinkEnd, LinkListener, OpenLink } from "./executor-link.ts";
import { createFrameReader, frameHead } from "./frame.ts";
import { createMarkReader } from "./mark-reader.ts";

const entry = fileURLToPath(new URL("./executor/process-main.ts", import.meta.url));

/**
 * Data segment that the kernel lets an executor have, kilobytes: for Node itself and for each isolate. V8 maps 512 MB
 * of code range for every isolate, writable and untouched, and the kernel counts all of it; so the sum bounds what
 * native allocations can take while the pool is full, and what they take before that is for the watchdog to see.
 * 1,000,000 for Node itself is too little for a snapshot to be made; more lets one script take more of the host.
 */
const processDataKilobytes = 1_200_000;
const isolateDataKilobytes = 540_000;

/** Exactly what an executor sees of the environment: an empty one would take the machine's zone and collation. */
const environment = { TZ: "UTC", LC_ALL: "en_US.UTF-8" };
const environmentWords = Object.entries(environment).map(([name, value]) => `${name}=${value}`);

/**
 * - isolated-vm needs `--no-node-snapshot`.
 * - On-stack replacement by Maglev makes some endless loops deaf to termination.
 * - A busy isolate's young generation may grow to 8 MB, from the 1 MB that a small heap limit brings: copying what
 *   lives across fewer scavenges saves a seventh of an event's cost. It costs each busy isolate that much memory.
 */
const nodeFlags = [
  "--no-node-snapshot",
  "--no-maglev-osr",
  "--max-semi-space-size=8",
  "--disable-warning=ExperimentalWarning",
];

/** Signals by which V8 ends a process that it cannot go on with. */
const crashSignals = new Set(["SIGABRT", "SIGTRAP", "SIGSEGV", "SIGILL", "SIGBUS"]);

/**
 * Executors as child processes: frames on descriptor 3, the lifeline on descriptor 4, results on descriptor 5.
 *
 * @param mostIsolates isolates that one of them may hold at once
 */
export function executorProcesses(mostIsolates: number): OpenLink {
  return (listener) =>
    openExecutorProcess(listener, processDataKilobytes + mostIsolates * isolateDataKilobytes);
}

function openExecutorProcess(listener: LinkListener, dataKilobytes: number): ExecutorLink {
  const child = start(dataKilobytes);
  const frames = child.stdio[3] as Duplex;
  const [lifeline, results] = child.stdio.slice(4) as [Duplex, Duplex];
  const lastWords = keepLastWords(child);
  let wireFault = "";
  for (const socket of [frames, results]) {
    const read = createFrameReader((frame) => listener.onFrame(frame));
    socket.on("data", (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (cause) {
        // What an executor sends may cost it its life, never its supervisor's.
        socket.destroy(cause as Error);
        child.kill("SIGKILL");
      }
    });
    socket.on("error", (cause) => {
      if (cause instanceof MillraceError) wireFault = cause.message;
    });
  }
  // The lifeline's thread reads until its own end; without it the process would wait for it. Results come last.
  results.once("close", () => lifeline.end());
  lifeline.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      listener.onEnd(describeEnd(code, signal, wireFault === "" ? lastWords() : wireFault));
      resolve();
    };
    child.once("exit", end);
    child.once("error", (cause) => end(null, cause.message));
  });
  return {
    pid: child.pid ?? null,
    send: (kind, id, body) => {
      frames.cork();
      frames.write(frameHead(kind, id, body.length));
      if (body.length > 0) frames.write(body);
      frames.uncork();
    },
    readMark: createMarkReader(lifeline),
    cpuMs: () => mainThreadCpuMs(child.pid),
    processCpuMs: () => processCpuMs(child.pid),
    residentBytes: () => residentBytes(child.pid),
    kill: () => child.kill("SIGKILL"),
    end: async () => {
      frames.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function start(dataKilobytes: number): ChildProcess {
  const options = {
    env: environment,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe", "pipe"],
  } as const;
  if (process.platform !== "linux")
    return spawn(process.execPath, [...nodeFlags, entry], { ...options, stdio: [...options.stdio] });
  // The shell sets the limit and becomes Node: the process keeps its id. What a shell exports of its own goes by `env`.
  const script = `ulimit -d ${dataKilobytes}; exec env -i ${environmentWords.join(" ")} "$@"`;
  return spawn("/bin/sh", ["-c", script, "millrace-executor", process.execPath, ...nodeFlags, entry], {
    ...options,
    stdio: [...options.stdio],
  });
}

function keepLastWords(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    tail = (tail + text).slice(-4_096);
  });
  return () => tail.trim().split("\n").at(-1) ?? "";
}

function describeEnd(code: number | null, signal: string | null, lastWord: string): LinkEnd {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const kind = signal !== null && crashSignals.has(signal) ? "crash" : "gone";
  return { kind, detail: lastWord === "" ? how : `${how}: ${lastWord}` };
}

function mainThreadCpuMs(pid: number | undefined): number | undefined {
  const text = readProc(`/proc/${pid}/task/${pid}/schedstat`);
  return text === undefined ? undefined : Number(text.split(" ", 1)[0]) / 1e6;
}

/** Milliseconds in a tick of /proc/PID/stat, on every Linux that Node.js runs on. */
const tickMs = 10;

function processCpuMs(pid: number | undefined): number | undefined {
  // The second field is the name in brackets, which may hold anything; user and system time are the 14th and 15th.
  const fields = readProc(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ");
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const pageBytes = 4_096;

function residentBytes(pid: number | undefined): number {
  const text = readProc(`/proc/${pid}/statm`);
  return text === undefined ? 0 : Number(text.split(" ", 2)[1]) * pageBytes;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
