import { Button, Skeleton } from '@mantine/core';
import { IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../../../shared/model/server';
import { api } from '../../../api';
import { formatTime } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { StatusPill, type Tone } from '../../../ui/status-pill';
import { productionServer } from '../model';
import { StartDialog } from '../task/start-dialog';
import { CheckGroupSection } from './check-group';
import classes from './migration-wizard.module.css';
import { useVerification, type Verification } from './use-wizard';
import { checkGroups, verdictOf, type Verdict } from './verify-model';
import verify from './verify.module.css';

export interface VerifyStepProps {
  readonly jobId: string;
  readonly servers: readonly ServerView[];
  /** It will start at its time. */
  readonly timed: boolean;
  readonly onBack: () => void;
  readonly onStarted: (id: string) => void;
}

const TONES: Readonly<Record<Verdict['state'], Tone>> = {
  none: 'neutral',
  running: 'busy',
  failed: 'error',
  alarms: 'warn',
  clear: 'ok',
};

const COUNTED = [
  ['failed', 'failed'],
  ['alarms', 'warning'],
  ['passed', 'pass'],
] as const;

/** The checks, what they found, and the start once nothing is in the way. */
export function VerifyStep({ jobId, servers, timed, onBack, onStarted }: VerifyStepProps) {
  const { t, i18n } = useTranslation('migration');
  const read = useVerification(jobId);
  const { value } = read;
  const [busy, setBusy] = useState<'check' | 'start' | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  /** Whether a start into production is asked about. */
  const [asking, setAsking] = useState(false);
  /** Findings whose fix ran since the last check. */
  const [repaired, setRepaired] = useState<ReadonlySet<string>>(new Set());
  /** Groups whose alarms were ignored just now: shown at once, taken back when the daemon does not agree. */
  const [ignoring, setIgnoring] = useState<readonly string[]>([]);
  /** What was known when the check was accepted: it tells of the one before. */
  const [outdated, setOutdated] = useState<Verification | null>(null);
  const latest = useRef(value);
  latest.current = value;
  const status = value?.job.status;
  const waits = busy === 'check' || (outdated !== null && outdated === value && read.error === null);
  const running = status === 'checking' || waits;
  const known = waits || status === 'created' ? [] : (value?.findings ?? []);
  const groups = checkGroups(known, [...(waits ? [] : (value?.skipped ?? [])), ...ignoring], running);
  const verdict = verdictOf(groups, running);

  const check = async () => {
    setBusy('check');
    setFailure(null);
    setRepaired(new Set());
    setIgnoring([]);
    try {
      await api.migration.check({ id: jobId });
      setOutdated(latest.current);
      read.reload();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(null);
    }
  };
  // A task that was configured anew has not been checked: that is what one comes here for.
  const begun = useRef(false);
  const checkNow = useRef(check);
  checkNow.current = check;
  useEffect(() => {
    if (status === undefined || begun.current) return;
    begun.current = true;
    if (status === 'created') void checkNow.current();
  }, [status]);

  const act = async (deed: () => Promise<void>) => {
    setFailure(null);
    try {
      await deed();
      read.reload();
    } catch (error) {
      setFailure(error);
    }
  };
  const ignore = async (step: string) => {
    setIgnoring((before) => [...before, step]);
    await act(async () => {
      try {
        await api.migration.skip({ id: jobId, steps: [step] });
      } catch (error) {
        setIgnoring((before) => before.filter((each) => each !== step));
        throw error;
      }
    });
  };
  const start = async () => {
    setBusy('start');
    setFailure(null);
    try {
      await api.migration.start({ id: jobId });
      onStarted(jobId);
    } catch (error) {
      setFailure(error);
      setBusy(null);
    }
  };
  // What the checks found speaks for itself; a check that broke off has only this.
  const stopped = !running && (value?.job.problem ?? '') !== '' && verdict.failed + verdict.alarms === 0;
  const ready = verdict.state === 'clear' && value?.job.actions.includes('start') === true;
  const production = productionServer(value?.job.target ?? null, servers);
  const scheduled = value?.job.scheduledAt ?? null;
  return (
    <>
      <div className={classes.content}>
        <div className={verify.head}>
          <div className={verify.title}>
            <h2 className={classes.heading}>{t('wizard.verify.title')}</h2>
            <p className={classes.lead}>{t('wizard.verify.lead')}</p>
          </div>
          {running ? (
            <Button variant="default" onClick={() => void act(() => api.migration.stop({ id: jobId }))}>
              {t('wizard.verify.stop')}
            </Button>
          ) : (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} stroke={1.5} />}
              disabled={value === null || busy !== null}
              onClick={() => void check()}
            >
              {t('wizard.verify.again')}
            </Button>
          )}
        </div>
        <div role="status" className={verify.verdict}>
          <StatusPill tone={TONES[verdict.state]}>{t(`wizard.verify.verdicts.${verdict.state}`)}</StatusPill>
          {verdict.state === 'none' ? null : (
            <span className={verify.muted}>
              {COUNTED.filter(([of]) => verdict[of] > 0)
                .map(([of, level]) => t(`check.counts.${level}`, { count: verdict[of] }))
                .join(' · ')}
            </span>
          )}
        </div>
        {read.error === null ? null : <ErrorPanel error={read.error} onRetry={read.reload} />}
        {stopped ? (
          <div className={verify.stopped} role="alert">
            <strong>{value?.job.problem}</strong>
            <p>{value?.job.hint}</p>
          </div>
        ) : null}
        {value === null && read.error === null ? <Skeleton height={240} /> : null}
        <div className={verify.groups}>
          {groups.map((group) => (
            <CheckGroupSection
              key={group.step}
              jobId={jobId}
              group={group}
              running={running}
              repaired={repaired}
              onRepaired={(key) => setRepaired((before) => new Set([...before, key]))}
              onSkip={() => void ignore(group.step)}
            />
          ))}
        </div>
        {failure === null ? null : <ErrorPanel error={failure} />}
      </div>
      <div className={classes.bar}>
        <span className={classes.barText}>
          {t(`wizard.verify.next.${ready && timed ? 'timed' : verdict.state}`, {
            time: scheduled === null ? '' : formatTime(scheduled, i18n.language),
          })}
        </span>
        <Button variant="default" disabled={running} onClick={onBack}>
          {t('wizard.back')}
        </Button>
        <Button
          leftSection={<IconPlayerPlay size={16} stroke={1.5} />}
          disabled={!ready}
          loading={busy === 'start'}
          onClick={() => (production === null ? void start() : setAsking(true))}
        >
          {t(timed ? 'wizard.verify.schedule' : 'wizard.verify.start')}
        </Button>
      </div>
      {asking && value !== null ? (
        <StartDialog job={value.job} onClose={() => setAsking(false)} onDone={() => onStarted(jobId)} />
      ) : null}
    </>
  );
}
