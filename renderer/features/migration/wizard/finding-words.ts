import type { Finding } from '../../../../shared/model/migration';

/**
 * Words for what the control plane says in English. A language other than English has a general sentence for each check, in
 * `control-plane/findings.json` of its translations; what depends on the servers is shown in the words of the control plane beside it.
 */
export const FINDING_WORDS = 'control-plane/findings';

/** What the control plane says of the effect when a check cannot be made, whichever check it is. */
export const UNCHECKED_EFFECT = 'Whether it matters for this task is not known.';

/** Checks whose effect depends on what was found: the general sentence alone would not tell it. */
const VARYING: ReadonlySet<string> = new Set([
  'same-server',
  'direct-endpoint',
  'versions-supported',
  'source-standby',
  'source-time-limits',
  'target-time-limits',
  'target-writable',
  'target-database',
  'wal-senders',
  'slot-wal-kept',
  'settings-differ',
  'large-objects',
  'new-names',
  'same-name-tables',
  'target-structure',
  'owners-missing',
  'encoding',
  'locale',
  'selection',
  'extensions-absent',
  'extensions-create',
  'event-triggers',
  'slot-probe',
]);

export interface ToldWords {
  /** Key of the general sentence in `FINDING_WORDS`. */
  readonly key: string;
  /** Whether the words of the control plane say more than that sentence. */
  readonly varies: boolean;
}

const wordsId = ({ check, effect }: Finding): string => (effect === UNCHECKED_EFFECT ? 'unchecked' : check);

export const effectWords = (finding: Finding): ToldWords => ({
  key: `effects.${wordsId(finding)}`,
  varies: VARYING.has(wordsId(finding)),
});

/** Remedies hold the exact statements, names and figures: their own words are always shown. */
export const remedyWords = (finding: Finding): ToldWords => ({ key: `remedies.${wordsId(finding)}`, varies: true });
