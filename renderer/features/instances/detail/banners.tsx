import { Button } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceDetail } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { formatTime, formatUtc } from '../../../ui/bytes';
import { presentError } from '../../../ui/error-presenter';
import { kindName } from '../labels';
import classes from './banners.module.css';

export interface BannersProps {
  readonly detail: InstanceDetail;
  readonly onDone: () => void;
}

/** What a person should know before anything else: an operation that waits, commits that are not doubled, what went wrong last. */
export function Banners({ detail, onDone }: BannersProps) {
  const { t, i18n } = useTranslation('instances');
  const { waiting, degradedAt, problem } = detail;
  return (
    <>
      {waiting === null ? null : <Waiting detail={detail} waiting={waiting} onDone={onDone} />}
      {degradedAt === null ? null : (
        <Banner tone="warn">
          <span title={formatUtc(degradedAt)}>
            {t('banners.degraded', { time: formatTime(degradedAt, i18n.language) })}
          </span>
        </Banner>
      )}
      {problem === '' ? null : <Banner tone="error">{problem}</Banner>}
    </>
  );
}

interface WaitingProps extends BannersProps {
  readonly waiting: NonNullable<InstanceDetail['waiting']>;
}

function Waiting({ detail, waiting, onDone }: WaitingProps) {
  const { t, i18n } = useTranslation('instances');
  const [busy, setBusy] = useState('');
  const { plane, id } = detail;
  const ask = async (which: 'switchNow' | 'cancelWaiting') => {
    setBusy(which);
    try {
      await api.instances[which]({ plane, id });
      onDone();
    } catch (error) {
      presentError(error);
    }
    setBusy('');
  };
  return (
    <Banner tone="info">
      <span title={`${formatUtc(waiting.from)} – ${formatUtc(waiting.until)}`}>
        {t(waiting.from === waiting.until ? 'banners.waitingAt' : 'banners.waiting', {
          kind: kindName(t, waiting.kind),
          from: formatTime(waiting.from, i18n.language),
          until: formatTime(waiting.until, i18n.language),
        })}
      </span>
      <span className={classes.actions}>
        <Button size="xs" loading={busy === 'switchNow'} onClick={() => void ask('switchNow')}>
          {t('banners.now')}
        </Button>
        {detail.local ? (
          <Button
            size="xs"
            variant="default"
            loading={busy === 'cancelWaiting'}
            onClick={() => void ask('cancelWaiting')}
          >
            {t('banners.cancel')}
          </Button>
        ) : null}
      </span>
    </Banner>
  );
}

const ICONS = { info: IconClock, warn: IconAlertTriangle, error: IconAlertCircle };

function Banner({ tone, children }: { readonly tone: keyof typeof ICONS; readonly children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <div className={classes.banner} data-tone={tone} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon size={16} stroke={1.5} className={classes.icon} aria-hidden />
      {children}
    </div>
  );
}
