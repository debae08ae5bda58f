import { Button } from '@mantine/core';
import { IconPlayerPlay, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ControlPlaneState } from '../../../shared/model/instance';
import { LOCAL_PLANE } from '../../../shared/model/plane';
import { EmptyState } from '../../ui/empty-state';
import { StatusPill } from '../../ui/status-pill';
import { refresh } from './store';

export interface ControlPlaneNoticeProps {
  readonly state: ControlPlaneState;
  /** Whether a list is shown already: the notice stays small then. */
  readonly known: boolean;
}

/** Tells when the control plane doesn't run, why, and offers to start it. */
export function ControlPlaneNotice({ state, known }: ControlPlaneNoticeProps) {
  const { t } = useTranslation('instances');
  switch (state.state) {
    case 'running':
      return null;
    case 'starting':
      return known ? null : <StatusPill tone="busy">{t('controlPlane.starting')}</StatusPill>;
    case 'stopped':
      return (
        <EmptyState
          icon={<IconPlugConnectedX size={32} stroke={1.5} />}
          title={t('controlPlane.stopped')}
          text={t('controlPlane.stoppedText')}
          action={
            <Button leftSection={<IconPlayerPlay size={16} stroke={1.5} />} onClick={() => void refresh(LOCAL_PLANE)}>
              {t('controlPlane.start')}
            </Button>
          }
        />
      );
    case 'failed':
      return (
        <EmptyState
          icon={<IconPlugConnectedX size={32} stroke={1.5} />}
          title={t('controlPlane.failed')}
          text={state.problem}
          action={
            <Button leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={() => void refresh(LOCAL_PLANE)}>
              {t('controlPlane.retry')}
            </Button>
          }
        />
      );
  }
}
