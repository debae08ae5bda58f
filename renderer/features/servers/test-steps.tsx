import { Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TestStep } from '../../../shared/model/server';
import { CopyButton } from '../../ui/copy-button';
import classes from './servers.module.css';

export interface TestResult {
  readonly steps: readonly TestStep[];
  readonly newHostKey: string | null;
}

export interface TestStepsProps {
  /** `running` while the test runs. */
  readonly result: TestResult | 'running';
  readonly tunnelHost: string;
  readonly onTrust: (hostKey: string) => void;
}

const ICONS = { ok: IconCheck, failed: IconX, skipped: IconMinus, 'not-reached': IconMinus } as const;

const stepName = ({ step, state, detail }: TestStep, t: (key: string) => string): string => {
  if (step !== 'tls') return t(`steps.${step}`);
  if (state === 'skipped') return t('steps.plain');
  const version = /^TLSv([\d.]+)/.exec(detail)?.[1];
  return state === 'ok' && version ? `TLS ${version}` : t('steps.tls');
};

/** The test's result as the steps of the connection; under it what the failed one said and what to try next. */
export function TestSteps({ result, tunnelHost, onTrust }: TestStepsProps) {
  const { t } = useTranslation('servers');
  if (result === 'running')
    return (
      <div className={classes.result} role="status">
        <Loader size={16} aria-hidden /> {t('test.running')}
      </div>
    );
  const shown = result.steps.filter((step) => step.state !== 'skipped' || step.step === 'tls');
  const failed = result.steps.find((step) => step.state === 'failed');
  const total = result.steps.reduce((sum, step) => sum + step.ms, 0);
  return (
    <div className={classes.result} role="status" data-outcome={failed ? 'failed' : 'ok'}>
      <ul className={classes.steps} aria-label={t('test.label')}>
        {shown.map((step) => {
          const Icon = ICONS[step.state];
          return (
            <li key={step.step} data-state={step.state} title={step.detail}>
              <Icon size={16} stroke={1.5} aria-hidden />
              <span className="visually-hidden">{t(`test.states.${step.state}`)}: </span>
              {stepName(step, t)}
            </li>
          );
        })}
        {failed ? null : <li className={classes.muted}>{t('test.passed', { ms: total })}</li>}
      </ul>
      {failed ? (
        <div className={classes.failure}>
          <p className="selectable">
            {failed.detail}
            <CopyButton text={`${failed.detail}\n${failed.hint}`} />
          </p>
          <p className={classes.muted}>{failed.hint}</p>
          {result.newHostKey === null ? null : (
            <div className={classes.hostKey}>
              <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
              <span>
                {t('hostKey.fingerprint', { host: tunnelHost })}{' '}
                <span className="mono selectable">SHA256:{result.newHostKey}</span>
              </span>
              <Button size="xs" variant="default" onClick={() => onTrust(result.newHostKey ?? '')}>
                {t('hostKey.trust')}
              </Button>
            </div>
          )}
        </div>
      ) : null}
    </div>
  );
}
