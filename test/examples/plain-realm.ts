import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { types } from "node:util";
import vm from "node:vm";
import { transformSync } from "esbuild";
import type { AssetEntry, RawEventLine, TemplateFile } from "../../src/model/contract.ts";
import { evaOf } from "./plain-eva.ts";
import { unwrapUplink } from "./plain-uplink.ts";

// Runs the example templates as plain V8 would, without the sandbox: what they do here is what their authors meant.

export const catalogDirectory = join(import.meta.dirname, "../../examples/catalog");

export type PlainOutcome =
  | {
      readonly outcome: "standard";
      readonly shape: "one" | "many";
      readonly events: readonly Record<string, unknown>[];
    }
  | { readonly outcome: "filtered" }
  | {
      readonly outcome: "rejected";
      readonly stage: string;
      readonly type: string;
      readonly code: string;
      readonly message: string;
    };

type Stage = (value: unknown, metadata: unknown) => unknown;
type Stages = Readonly<Record<string, Stage | undefined>>;

export interface PlainTemplate {
  readonly orgId: string;
  readonly templateId: string;
  readonly file: TemplateFile;
  readonly sources: readonly { readonly path: string; readonly script: string }[];
  run(line: RawEventLine): PlainOutcome;
}

const entryPoints = ["decode", "validate", "transform", "decodeUplink", "normalizeUplink"];

function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(...path), "utf8"));
}

export function loadCatalog(): PlainTemplate[] {
  return readdirSync(catalogDirectory).flatMap((orgId) => {
    const assets = new Map(
      (readJson(catalogDirectory, orgId, "assets.json") as AssetEntry[]).map((asset) => [
        asset.assetId,
        asset,
      ]),
    );
    const templates = join(catalogDirectory, orgId, "templates");
    return readdirSync(templates).map((templateId) =>
      loadTemplate(orgId, templateId, join(templates, templateId), assets),
    );
  });
}

function loadTemplate(
  orgId: string,
  templateId: string,
  directory: string,
  assets: ReadonlyMap<string, AssetEntry>,
): PlainTemplate {
  const file = readJson(directory, "template.json") as TemplateFile;
  const paths = [file.source, file.decode, file.validate, file.transform].filter(
    (path) => path !== undefined,
  );
  const sources = paths.map((path) => ({
    path: join(directory, path),
    script: readScript(join(directory, path)),
  }));
  const context = vm.createContext({ Buffer });
  const scopes = sources.map(({ path, script }) => {
    const known = entryPoints.map((name) => `${name}: typeof ${name} === "function" ? ${name} : undefined`);
    const wrapped = `(function () {${script}\nreturn {${known.join(",")}};})`;
    return { path, open: new vm.Script(wrapped, { filename: path }).runInContext(context) as () => Stages };
  });
  // As in the sandbox every event gets a scope of its own; a stage comes from the file that was named for it.
  const openStages = (): Stages => {
    const opened = new Map(scopes.map(({ path, open }) => [path, open()]));
    const from = (name: string, path: string | undefined): Stage | undefined =>
      path === undefined ? undefined : opened.get(join(directory, path))?.[name];
    return {
      decode: from("decode", file.source ?? file.decode),
      decodeUplink: from("decodeUplink", file.source ?? file.decode),
      validate: from("validate", file.source ?? file.validate),
      transform: from("transform", file.source ?? file.transform),
    };
  };
  return {
    orgId,
    templateId,
    file,
    sources,
    run(line) {
      const asset = assets.get(line.assetId);
      if (asset?.templateId === undefined && line.templateId === undefined) {
        return rejected("intake", "envelope", "UNKNOWN_ASSET", "unknown asset");
      }
      return runStages({ orgId, templateId, file, stages: openStages() }, line, asset);
    },
  };
}

/** The source as a plain script: types and `export` taken away. */
function readScript(path: string): string {
  const source = readFileSync(path, "utf8");
  if (!path.endsWith(".ts")) return source;
  return transformSync(source.replaceAll(/^export /gm, ""), { loader: "ts", target: "es2023" }).code;
}

function rejected(stage: string, type: string, code: string, message: string): PlainOutcome {
  return { outcome: "rejected", stage, type, code, message };
}

interface Prepared {
  readonly orgId: string;
  readonly templateId: string;
  readonly file: TemplateFile;
  readonly stages: Stages;
}

function runStages(template: Prepared, line: RawEventLine, asset: AssetEntry | undefined): PlainOutcome {
  const { orgId, templateId, file, stages } = template;
  const time = new Date(line.time ?? "2025-01-01T00:00:00.000Z").toISOString();
  const attributes = { ...asset?.attributes, ...line.attributes };
  const identity = { orgId, assetId: line.assetId, templateId, templateVersion: file.version };
  const metadata = {
    ...identity,
    eventId: line.eventId ?? "case",
    time,
    headers: {},
    attributes,
    secrets: {},
  };

  const payload = payloadOf(line, file);
  if (payload === notJson) return rejected("decode", "envelope", "PAYLOAD_NOT_JSON", "not JSON");

  let value: unknown = payload;
  let warnings: string[] = [];
  try {
    if (stages["decodeUplink"] !== undefined) {
      const uplink = { ...unwrapUplink(payload, attributes["fPort"], time), variables: attributes };
      const result = stages["decodeUplink"](uplink, undefined) as {
        data?: unknown;
        errors?: string[];
        warnings?: string[];
      };
      if ((result.errors ?? []).length > 0)
        return rejected("decode", "validation", "CODEC_ERRORS", String(result.errors));
      warnings = result.warnings ?? [];
      value = result.data;
    } else if (stages["decode"] !== undefined) {
      value = stages["decode"](payload, metadata);
    }
  } catch (error) {
    return rejected("decode", "runtime", "UNCAUGHT", String(error));
  }
  return validated(template, value, { ...metadata, warnings });
}

function validated(
  template: Prepared,
  decoded: unknown,
  metadata: { time: string; warnings: string[] },
): PlainOutcome {
  const refused = (message: string): PlainOutcome =>
    rejected("validate", "validation", "VALIDATE_REFUSED", message);
  let value = decoded;
  try {
    const verdict = template.stages["validate"]?.(decoded, metadata);
    if (verdict === false) return refused("refused");
    if (typeof verdict === "object" && verdict !== null) {
      const { valid, errors } = verdict as { valid?: unknown; errors?: unknown };
      const isVerdict = Object.keys(verdict).every((key) => key === "valid" || key === "errors");
      if (isVerdict && valid === false) return refused(String(errors));
      if (!isVerdict) value = verdict;
    }
  } catch (error) {
    return refused(String(error));
  }
  try {
    return finished(template, template.stages["transform"]?.(value, metadata) ?? value, metadata);
  } catch (error) {
    return rejected("transform", "runtime", "UNCAUGHT", String(error));
  }
}

function finished(
  template: Prepared,
  result: unknown,
  metadata: { time: string; warnings: string[] },
): PlainOutcome {
  const shape = Array.isArray(result) ? "many" : "one";
  const results = (Array.isArray(result) ? result : [result]) as Record<string, unknown>[];
  if (results.length === 0) return { outcome: "filtered" };
  const { warnings, time, ...rest } = metadata as unknown as Record<string, unknown> & { eventId: string };
  const events = results.map(({ eventType, data, metadata: said, created }, index) => {
    const event = JSON.parse(
      JSON.stringify({
        schemaVersion: 1,
        eventId: shape === "many" ? `${rest.eventId}.${index}` : rest.eventId,
        eventType,
        created: types.isDate(created) ? created : (created ?? time),
        ingested: time,
        data,
        metadata: said,
        warnings: (warnings as string[]).length > 0 ? warnings : undefined,
        orgId: rest["orgId"],
        assetId: rest["assetId"],
        templateId: rest["templateId"],
        templateVersion: rest["templateVersion"],
      }),
    ) as Record<string, unknown>;
    return { ...event, eva: evaOf(event, template.file.eva ?? []) };
  });
  const incomplete = events.find(({ eva }) => eva === undefined);
  if (incomplete !== undefined)
    return rejected("output", "output", "EVA_REQUIRED", "a required EVA field is missing");
  return { outcome: "standard", shape, events };
}

const notJson = Symbol("not JSON");

function payloadOf(line: RawEventLine, file: TemplateFile): unknown {
  // A string of a type that is not JSON stands for its own characters.
  const isText = typeof line.payload === "string" && (line.contentType ?? "").startsWith("text/");
  const bytes =
    line.payloadBase64 !== undefined
      ? Buffer.from(line.payloadBase64, "base64")
      : line.payloadHex !== undefined
        ? Buffer.from(line.payloadHex, "hex")
        : Buffer.from(isText ? (line.payload as string) : JSON.stringify(line.payload));
  const contentType =
    line.contentType ?? (line.payload === undefined ? file.contentType : "application/json");
  if (contentType !== "application/json") return bytes;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return notJson;
  }
}
