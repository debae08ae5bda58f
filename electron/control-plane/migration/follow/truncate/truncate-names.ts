import { quoteLiteral } from '../../../../../shared/model/quote';
import { PROGRESS_SCHEMA } from '../follow-model';

/** Servers from here on send TRUNCATE with the other changes. */
export const TRUNCATE_FROM = 110_000;

/** What tells of emptied tables on a server that does not send TRUNCATE: of one stream, and so of one database and direction. */
export interface TruncateNames {
  readonly schema: string;
  /** Takes what is told, in the stream. */
  readonly log: string;
  readonly note: string;
  /** The last one before the rows go. */
  readonly before: string;
  /** The first one after they are gone. */
  readonly after: string;
}

/** What logs and functions of all streams begin with. */
const LOG = 'truncated_';

const ofStream = (publication: string): string => publication.replace(/^howdah_/, '');

export function truncateNames(publication: string): TruncateNames {
  const stream = ofStream(publication);
  const log = `${LOG}${stream}`;
  // Triggers of one event go by their names.
  return {
    schema: PROGRESS_SCHEMA,
    log,
    note: log,
    before: `zz_howdah_${stream}_before`,
    after: `00_howdah_${stream}_after`,
  };
}

/** Logs and functions of every stream whose publication is like that, for LIKE. */
export const truncatePattern = (publications: string): string =>
  `${LOG.replaceAll('_', String.raw`\_`)}${publications.replace(/^howdah\\?_/, '')}`;

/** SQL: whether a row of pg_trigger, by its name in the statement, only tells of emptied tables. */
export const isTelling = (trigger: string): string =>
  `EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace
    WHERE p.oid = ${trigger}.tgfoid AND s.nspname = ${quoteLiteral(PROGRESS_SCHEMA)})`;

/** The same of a statement that makes a trigger, as a server has written it. */
export const makesTelling = (sql: string): boolean =>
  new RegExp(`\\sEXECUTE (?:FUNCTION|PROCEDURE) ${PROGRESS_SCHEMA}\\.`).test(sql);
