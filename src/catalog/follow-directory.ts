import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { RunnableTemplate } from "../sandbox/port.ts";
import { openCatalogDirectory, type DirectoryCatalog } from "./catalog-directory.ts";
import { mayBeOfCatalog } from "./catalog-path.ts";
import { catalogView } from "./catalog-view.ts";
import type { DirectoryOrg } from "./org-directory.ts";
import type { DirectoryTemplate } from "./template-directory.ts";
import type { DeploymentLimits } from "./template-limits.ts";
import { watchDirectories } from "./watch-directories.ts";

export interface FollowListener {
  /** The directory has changed, and this is the catalog now. */
  readonly onChange: (catalog: DirectoryCatalog) => void;
  /** The directory cannot be read for the moment; what was read last stays in use. */
  readonly onFault: (error: unknown) => void;
}

export interface FollowedCatalog {
  /** The catalog as it was at the start. */
  readonly initial: DirectoryCatalog;
  close(): Promise<void>;
}

/** Within this time, milliseconds, it is known of a change that came while the catalog was read. */
const lookAgainMs = 50;

/**
 * Reads a catalog and follows its directory. A template that changes under the same version label is reported with a
 * label that tells it apart. Rejects with `CATALOG` where there is no such directory.
 */
export async function followCatalogDirectory(
  path: string,
  limits: DeploymentLimits,
  { onChange, onFault }: FollowListener,
): Promise<FollowedCatalog> {
  const labels = createVersionLabels();
  const watch = await watchDirectories([path], (each) => mayBeOfCatalog(path, each));
  const stop = new AbortController();
  let initial: DirectoryCatalog;
  try {
    initial = labels.apply(await openCatalogDirectory(path, limits));
  } catch (cause) {
    await watch.close();
    throw cause;
  }
  const following = (async () => {
    for (;;) {
      await watch.settled(stop.signal);
      if (stop.signal.aborted) return;
      try {
        const catalog = await openCatalogDirectory(path, limits);
        await delay(lookAgainMs);
        // It may have read a file that was being written.
        if (!watch.hasChanged()) onChange(labels.apply(catalog));
      } catch (error) {
        onFault(error);
      }
    }
  })();
  return {
    initial,
    close: async () => {
      stop.abort();
      await following;
      await watch.close();
    },
  };
}

/** Gives a template that was edited without a new label one of its own: `3+9f86d081`. */
interface VersionLabels {
  apply(catalog: DirectoryCatalog): DirectoryCatalog;
}

function createVersionLabels(): VersionLabels {
  /** By org, template and label: the source that the label stood for first. */
  const first = new Map<string, string>();
  const relabel = (runnable: RunnableTemplate): RunnableTemplate => {
    const { orgId, templateId, templateVersion, fingerprint } = runnable;
    const key = `${orgId}/${templateId}/${templateVersion}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, fingerprint);
    if (known === undefined || known === fingerprint) return runnable;
    return { ...runnable, templateVersion: `${templateVersion}+${sourceHash(runnable)}` };
  };
  return {
    apply: (catalog) => {
      const orgs = new Map([...catalog.orgs].map(([orgId, org]) => [orgId, relabelOrg(org, relabel)]));
      return { ...catalog, orgs, view: catalogView(orgs) };
    },
  };
}

function relabelOrg(
  org: DirectoryOrg,
  relabel: (runnable: RunnableTemplate) => RunnableTemplate,
): DirectoryOrg {
  const templates = [...org.templates].map(([templateId, entry]): [string, DirectoryTemplate] => {
    const { template } = entry;
    if (template.kind === "broken") return [templateId, entry];
    return [templateId, { ...entry, template: { ...template, runnable: relabel(template.runnable) } }];
  });
  return { ...org, templates: new Map(templates) };
}

/** Eight hexadecimal digits of the SHA-256 over the source: the same source has the same label everywhere. */
function sourceHash({ files }: RunnableTemplate): string {
  const hash = createHash("sha256");
  for (const { file, code } of files) hash.update(`${file.length} ${code.length}\n${file}${code}`);
  return hash.digest("hex").slice(0, 8);
}
