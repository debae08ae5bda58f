import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../../../shared/model/server';
import { EndpointPanel } from '../endpoint-panel';
import {
  isSameServer,
  sideProblems,
  SIDES,
  suggestName,
  type EndpointDraft,
  type Side,
  type TaskDraft,
} from '../model';
import type { EndpointTestState } from '../use-endpoint-test';
import classes from './migration-wizard.module.css';
import { TaskSection } from './task-section';
import type { FormChecks } from './use-form';

export interface EndpointsStepProps {
  readonly draft: TaskDraft;
  readonly created: boolean;
  readonly servers: readonly ServerView[] | null;
  readonly checks: FormChecks;
  readonly tests: Readonly<Record<Side, EndpointTestState>>;
  readonly onChange: (draft: TaskDraft) => void;
}

/** What the task is called, and the two servers side by side. */
export function EndpointsStep({ draft, created, servers, checks, tests, onChange }: EndpointsStepProps) {
  const { t } = useTranslation('migration');
  const suggestion = suggestName(draft, servers ?? []);
  const change = (side: Side, next: EndpointDraft) => {
    const moved = { ...draft, [side]: next };
    // A name that was not typed follows what it was made from.
    const follows = draft.name === '' || draft.name === suggestion;
    onChange(follows ? { ...moved, name: suggestName(moved, servers ?? []) } : moved);
  };
  const test = (side: Side, tested: EndpointDraft) => {
    const wrong = Object.keys(sideProblems(side, tested));
    if (wrong.length === 0) void tests[side].run(tested);
    else checks.reveal(wrong);
  };
  return (
    <>
      <div>
        <h2 className={classes.heading}>{t('wizard.endpoints.title')}</h2>
        <p className={classes.lead}>{t('wizard.endpoints.lead')}</p>
      </div>
      <div className={classes.sides}>
        {SIDES.map((side) => (
          <EndpointPanel
            key={side}
            side={side}
            draft={draft[side]}
            servers={servers}
            test={tests[side]}
            problemOf={(field) => checks.problemOf(`${side}.${field}`)}
            onLeave={(field) => checks.onLeave(`${side}.${field}`)}
            onChange={(next) => change(side, next)}
            onTest={(tested) => test(side, tested)}
          />
        ))}
      </div>
      {isSameServer(draft, servers ?? []) ? (
        <p className={classes.alarm} role="status">
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          {t('wizard.endpoints.same')}
        </p>
      ) : null}
      <TaskSection draft={draft} created={created} suggestion={suggestion} checks={checks} onChange={onChange} />
    </>
  );
}
