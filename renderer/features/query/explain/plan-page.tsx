import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parsePlans } from '../../../../shared/model/plan/parse-plan';
import type { ExplainOptions, ResultState } from '../../../../shared/model/query';
import { api } from '../../../api';
import { ErrorPanel } from '../../../ui/error-panel';
import classes from './plan-page.module.css';
import { keepPlan, usePlans, type KeptPlan } from './plan-store';

const PlanWork = lazy(async () => ({ default: (await import('./plan-work')).PlanWork }));

export interface PlanPageProps {
  readonly result: ResultState;
  readonly plan: ExplainOptions;
  readonly serverId: string;
}

type Read = { readonly kept: KeptPlan } | { readonly error: unknown; readonly text: string };

async function readPlan({ resultId, statement, rowCount }: ResultState, signal: AbortSignal): Promise<Read> {
  let text = '';
  try {
    const rows = await api.query.fetch({ resultId, from: 0, count: Math.max(1, Math.min(10_000, rowCount)) }, signal);
    text = rows.map(([value]) => value ?? '').join('\n');
    return { kept: { id: resultId, title: statement, at: Date.now(), text, plans: parsePlans(text) } };
  } catch (error) {
    return { error, text };
  }
}

/** A plan in JSON: drawn, as a tree, as flames, as a table, with what is to be said about it. */
export function PlanPage({ result }: PlanPageProps) {
  const { t } = useTranslation('explain');
  const before = usePlans((state) => state.kept.find(({ id }) => id === result.resultId));
  const [read, setRead] = useState<Read | null>(before ? { kept: before } : null);
  const done = read !== null;
  useEffect(() => {
    if (done) return undefined;
    const abort = new AbortController();
    void readPlan(result, abort.signal).then((found) => {
      if (abort.signal.aborted) return;
      if ('kept' in found) keepPlan(found.kept);
      setRead(found);
    });
    return () => abort.abort();
  }, [result, done]);
  if (read === null) return null;
  if ('error' in read) {
    return (
      <div className={classes.problem}>
        <ErrorPanel title={t('unreadable')} error={read.error} onRetry={() => setRead(null)} />
        {read.text === '' ? null : <pre className={classes.text}>{read.text}</pre>}
      </div>
    );
  }
  return (
    <Suspense>
      <PlanWork kept={read.kept} />
    </Suspense>
  );
}
