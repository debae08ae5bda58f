/** Which things of a catalog a query reads. */
export interface Scope {
  /** SQL condition on the catalog's alias `o`; `$1` and so on are `params`. */
  readonly where: (catalog: string) => string;
  readonly params: readonly unknown[];
}

/** Everything that a person made: not the server, not an extension, not another object on the way. */
export const MADE_BY_HAND: Scope = {
  where: (
    catalog,
  ) => `o.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
     AND d.objid = o.oid AND d.deptype IN ('e', 'i'))`,
  params: [],
};

/** One object, whoever made it. */
export const onlyOne = (oid: number): Scope => ({ where: () => 'o.oid = $1', params: [oid] });
