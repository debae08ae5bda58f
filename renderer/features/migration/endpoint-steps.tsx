import { Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EndpointFacts, EndpointTest } from '../../../shared/model/migration-api';
import type { TestStep } from '../../../shared/model/server';
import { formatBytes } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import classes from './endpoint-panel.module.css';

const ICONS = { ok: IconCheck, failed: IconX, skipped: IconMinus, 'not-reached': IconMinus } as const;

export interface EndpointStepsProps {
  readonly result: EndpointTest | 'running';
  readonly tunnelHost: string;
  readonly onTrust: (hostKey: string) => void;
}

/** How far the connection came, step by step; then what was found behind it, or what to try next. */
export function EndpointSteps({ result, tunnelHost, onTrust }: EndpointStepsProps) {
  const { t } = useTranslation('migration');
  if (result === 'running')
    return (
      <div className={classes.result} role="status">
        <Loader size={16} aria-hidden /> {t('servers:test.running')}
      </div>
    );
  const failed = result.steps.find(({ state }) => state === 'failed');
  const hostKey = result.newHostKey ?? null;
  return (
    <div className={classes.result} role="status" data-outcome={failed ? 'failed' : 'ok'}>
      <ul className={classes.steps} aria-label={t('servers:test.label')}>
        {result.steps
          .filter(({ step, state }) => state !== 'skipped' || step === 'tls')
          .map((step) => {
            const Icon = ICONS[step.state];
            return (
              <li key={step.step} data-state={step.state} title={step.detail}>
                <Icon size={16} stroke={1.5} aria-hidden />
                <span className="visually-hidden">{t(`servers:test.states.${step.state}`)}: </span>
                {step.step === 'tls' && step.state === 'skipped'
                  ? t('servers:steps.plain')
                  : t(`servers:steps.${step.step}`)}
              </li>
            );
          })}
      </ul>
      {failed ? <Failure step={failed} /> : null}
      {failed && hostKey !== null ? (
        <div className={classes.hostKey}>
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          <span className={classes.breakable}>
            {t('servers:hostKey.fingerprint', { host: tunnelHost })}{' '}
            <span className="mono selectable">SHA256:{hostKey}</span>
          </span>
          <Button size="xs" variant="default" onClick={() => onTrust(hostKey)}>
            {t('servers:hostKey.trust')}
          </Button>
        </div>
      ) : null}
      {result.facts === null ? null : <Facts facts={result.facts} />}
    </div>
  );
}

function Failure({ step: { detail, hint } }: { readonly step: TestStep }) {
  return (
    <div className={classes.failure}>
      <p className="selectable">
        {detail}
        <CopyButton text={`${detail}\n${hint}`} />
      </p>
      <p className={classes.muted}>{hint}</p>
    </div>
  );
}

function Facts({ facts }: { readonly facts: EndpointFacts }) {
  const { t } = useTranslation('migration');
  const total = facts.databases.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <dl className={classes.facts}>
      <dt>{t('endpoint.version')}</dt>
      <dd>PostgreSQL {facts.version}</dd>
      <dt>{t('endpoint.user')}</dt>
      <dd>
        {facts.user} · {t(facts.superuser ? 'endpoint.superuser' : 'endpoint.noSuperuser')}
      </dd>
      <dt>{t('endpoint.encryption')}</dt>
      <dd>{facts.tls === '' ? t('endpoint.plain') : facts.tls}</dd>
      <dt>{t('endpoint.databases')}</dt>
      <dd title={facts.databases.map(({ name }) => name).join(', ')}>
        {t('endpoint.databaseCount', { count: facts.databases.length, size: formatBytes(total) })}
      </dd>
    </dl>
  );
}
