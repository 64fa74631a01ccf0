import type { CatalogAsset, CatalogTemplate, CatalogView } from "../intake/resolve.ts";

/** One org of a catalog as lookups need it: plain data, which can be sent to another thread. */
export interface CatalogOrgEntry {
  readonly orgId: string;
  readonly assets: ReadonlyMap<string, CatalogAsset>;
  readonly templates: ReadonlyMap<string, { readonly template: CatalogTemplate }>;
}

export type CatalogOrgs = ReadonlyMap<string, CatalogOrgEntry>;

/** Lookups go through the org's own tables only. */
export function catalogView(orgs: CatalogOrgs): CatalogView {
  return {
    org: (orgId) => orgs.get(orgId),
    asset: (orgId, assetId) => orgs.get(orgId)?.assets.get(assetId),
    template: (orgId, templateId) => orgs.get(orgId)?.templates.get(templateId)?.template,
  };
}

/** What lookups need of a catalog, and nothing besides: findings and directories stay where they are. */
export function catalogOrgs(orgs: CatalogOrgs): CatalogOrgs {
  return new Map(
    [...orgs].map(([id, { orgId, assets, templates }]) => {
      const own = [...templates].map(([templateId, { template }]) => [templateId, { template }] as const);
      return [id, { orgId, assets, templates: new Map(own) }];
    }),
  );
}
