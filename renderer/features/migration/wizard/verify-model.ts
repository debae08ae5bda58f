import type { Finding } from '../../../../shared/model/migration';
import { CHECK_STEPS, type CheckStepId, type FindingLevel } from '../../../../shared/model/migration-words';

/** What the checks say, by groups: pure. */

export interface CheckGroup {
  readonly step: CheckStepId;
  /** The worst of it; null while nothing is known. */
  readonly level: FindingLevel | null;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<FindingLevel, number>>;
  /** The person goes on in spite of its alarms. */
  readonly skipped: boolean;
}

const WEIGHT: Readonly<Record<FindingLevel, number>> = { failed: 0, warning: 1, info: 2, pass: 3 };

export const keyOfFinding = ({ check, side, database }: Finding): string => JSON.stringify([check, side, database]);

/** Groups in their order; those that have nothing to say of this task are left out once the checks are over. */
export function checkGroups(findings: readonly Finding[], skipped: readonly string[], running: boolean): CheckGroup[] {
  return CHECK_STEPS.flatMap((step) => {
    const own = findings
      .filter((each) => each.step === step)
      .toSorted((a, b) => WEIGHT[a.level] - WEIGHT[b.level] || a.check.localeCompare(b.check));
    // Only a task that follows changes has the last group.
    if (own.length === 0 && (!running || step === 'IncrementCheck')) return [];
    const counts = { pass: 0, info: 0, warning: 0, failed: 0 };
    for (const { level } of own) counts[level] += 1;
    return [{ step, level: own[0]?.level ?? null, findings: own, counts, skipped: skipped.includes(step) }];
  });
}

export interface Verdict {
  /** `failed` blocks, `alarms` wait for a person, `clear` may start. */
  readonly state: 'none' | 'running' | 'failed' | 'alarms' | 'clear';
  readonly failed: number;
  readonly alarms: number;
  readonly passed: number;
}

export function verdictOf(groups: readonly CheckGroup[], running: boolean): Verdict {
  const total = (level: FindingLevel): number => groups.reduce((sum, { counts }) => sum + counts[level], 0);
  const failed = total('failed');
  const alarms = total('warning');
  const open = groups.some(({ counts, skipped }) => counts.warning > 0 && !skipped);
  const known = groups.some(({ findings }) => findings.length > 0);
  const settled = failed > 0 ? 'failed' : open ? 'alarms' : 'clear';
  return {
    state: running ? 'running' : known ? settled : 'none',
    failed,
    alarms,
    passed: total('pass') + total('info'),
  };
}

/** Alarms of groups that nobody has accepted: a start goes on in spite of them. */
export const openAlarms = (findings: readonly Finding[], skipped: readonly string[]): number =>
  findings.filter(({ level, step }) => level === 'warning' && !skipped.includes(step)).length;
