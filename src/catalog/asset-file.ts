import { join } from "node:path";
import type { CatalogAsset } from "../intake/resolve.ts";
import type { AssetEntry } from "../model/contract.ts";
import type { EventFault } from "../model/script-fault.ts";
import { checkAssetEntry, type Checked } from "../model/validators.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import { parseDocument, schemaFindings, type CheckedPart } from "./json-document.ts";
import { jsonPlaces } from "./json-text.ts";
import { brokenFault, fileFault } from "./template-fault.ts";
import { absence, absenceFinding, readTextFile } from "./text-file.ts";

/** Most findings about the entries of one file: past that a person reads no further. */
const mostFindings = 100;

/** The assets of an org. An entry that is wrong is left out, and costs the others nothing. */
export interface ReadAssets {
  readonly assets: ReadonlyMap<string, CatalogAsset>;
  readonly findings: readonly CatalogFinding[];
  /** Where each asset stands, for what is found out later. */
  readonly file?: string;
  /**
   * Why the org's assets are not known at all. Its events must then not be run: without their assets' attributes they
   * could give wrong results.
   */
  readonly fault?: EventFault;
}

/** Reads an org's `assets.json` or `assets.ndjson`; an org may have neither. */
export async function readAssets(orgDirectory: string): Promise<ReadAssets> {
  const paths = [join(orgDirectory, "assets.json"), join(orgDirectory, "assets.ndjson")] as const;
  const [json, ndjson] = [await readTextFile(paths[0]), await readTextFile(paths[1])];
  if (json.kind !== "missing" && ndjson.kind !== "missing") {
    const message = "there are both assets.json and assets.ndjson; keep one of them";
    return unknown(
      { severity: "error", code: "TWO_ASSET_FILES", message, file: paths[0] },
      brokenFault(message),
    );
  }
  const [name, path, file] =
    json.kind === "missing"
      ? (["assets.ndjson", paths[1], ndjson] as const)
      : (["assets.json", paths[0], json] as const);
  switch (file.kind) {
    case "missing":
      return { assets: new Map(), findings: [] };
    case "unreadable":
      return unknown(absenceFinding(name, path, file), brokenFault(absence(name, file)));
    case "text":
      return name === "assets.json" ? fromJson(file.text, path) : fromNdjson(file.text, path);
  }
}

function unknown(finding: CatalogFinding, fault: EventFault): ReadAssets {
  return { assets: new Map(), findings: [finding], fault };
}

function fromJson(text: string, path: string): ReadAssets {
  const document = parseDocument(text, path);
  if (document.kind === "broken") {
    return {
      assets: new Map(),
      findings: document.findings,
      fault: fileFault("assets.json", document.findings),
    };
  }
  const { value, places } = document;
  if (!Array.isArray(value)) {
    const finding: CatalogFinding = {
      severity: "error",
      code: "BAD_VALUE",
      message: "not an array of assets",
      file: path,
      line: 1,
      column: 1,
    };
    return unknown(finding, fileFault("assets.json", [finding]));
  }
  const collected = collect(path);
  value.forEach((entry: unknown, index) => collected.add(entry, { path, places, pointer: `/${index}` }));
  return collected.done();
}

function fromNdjson(text: string, path: string): ReadAssets {
  const collected = collect(path);
  text
    .replace(/^\ufeff/, "")
    .split("\n")
    .forEach((line, index) => {
      if (line.trim() === "") return;
      const document = parseDocument(line, path);
      if (document.kind === "broken")
        collected.refuse(document.findings.map((finding) => ({ ...finding, line: index + 1 })));
      else collected.add(document.value, { path, places: linePlaces(line, index + 1), pointer: "" });
    });
  return collected.done();
}

/** Places in a line of a file, counted from the file's beginning. */
function linePlaces(text: string, line: number): CheckedPart["places"] {
  const places = jsonPlaces(text);
  const inFile = <T extends object>(position: T | undefined): T | undefined =>
    position && { ...position, line };
  return {
    positionOf: (pointer) => inFile(places.positionOf(pointer)),
    positionOfKey: (pointer, key) => inFile(places.positionOfKey(pointer, key)),
    duplicateKeys: () =>
      places.duplicateKeys().map((found) => ({ ...found, position: { ...found.position, line } })),
  };
}

interface Collected {
  add(entry: unknown, part: CheckedPart): void;
  refuse(findings: readonly CatalogFinding[]): void;
  done(): ReadAssets;
}

function collect(path: string): Collected {
  const assets = new Map<string, CatalogAsset>();
  const findings: CatalogFinding[] = [];
  let left = 0;
  const refuse = (found: readonly CatalogFinding[]): void => {
    if (findings.length < mostFindings) findings.push(...found);
    else left += found.length;
  };
  return {
    refuse,
    add(entry, part) {
      // Looking for places takes long in a large file, and is of no use once nothing more is said.
      const checked = checkEntry(entry);
      if (checked.kind === "valid" && !assets.has(checked.value.assetId)) {
        assets.set(checked.value.assetId, toAsset(checked.value));
      } else if (findings.length >= mostFindings) left += 1;
      else
        refuse(
          checked.kind === "valid" ? [duplicate(checked.value.assetId, part)] : schemaFindings(checked, part),
        );
    },
    done() {
      const rest: CatalogFinding[] =
        left === 0
          ? []
          : [
              {
                severity: "error",
                code: "BAD_VALUE",
                message: `and ${left} more errors in this file`,
                file: path,
              },
            ];
      return { assets, findings: [...findings, ...rest], file: path };
    },
  };
}

/** Attributes cross to the scripts as text: an entry whose attributes cannot be written so is none. */
function checkEntry(entry: unknown): Checked<AssetEntry> {
  const checked = checkAssetEntry(entry);
  if (checked.kind === "invalid") return checked;
  try {
    JSON.stringify(checked.value.attributes);
    return checked;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: "invalid", problems: ["at /attributes: nested too deeply"] };
  }
}

function duplicate(assetId: string, { path, places, pointer }: CheckedPart): CatalogFinding {
  const message = `the asset id ${JSON.stringify(assetId)} stands twice; the first entry counts`;
  return {
    severity: "error",
    code: "DUPLICATE_ASSET",
    message,
    file: path,
    ...places.positionOf(`${pointer}/assetId`),
  };
}

function toAsset({ assetId, templateId, debugEnabled, attributes = {} }: AssetEntry): CatalogAsset {
  return {
    assetId,
    ...(templateId !== undefined && { templateId }),
    debug: debugEnabled === true ? "on" : "off",
    attributesJson: JSON.stringify(attributes),
  };
}
