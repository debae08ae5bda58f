import { Button } from '@mantine/core';
import { IconArrowsExchange, IconPlugConnected, IconRotateClockwise } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InstanceDetail } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { CopyButton } from '../../../ui/copy-button';
import { presentError } from '../../../ui/error-presenter';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill } from '../../../ui/status-pill';
import { useCommand } from '../../../ui/workbench';
import type { Asked } from '../instance-dialogs';
import { stepText } from '../labels';
import { addressOf, allows, toneOf, type InstanceAction } from '../model';
import { MoreActions } from '../row-actions';
import classes from './instance-header.module.css';

const IN_SIGHT: readonly InstanceAction[] = ['connect', 'restart', 'switch'];

export interface InstanceHeaderProps {
  readonly instance: InstanceDetail;
  readonly onAsk: (action: Asked['action']) => void;
}

/** Name, id, status, version and address, and what is done most often. */
export function InstanceHeader({ instance, onAsk }: InstanceHeaderProps) {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { plane, id } = instance;
  const address = addressOf(instance);
  const connect = async () => {
    const { serverId } = await api.instances.register({ plane, id });
    run({ do: 'connect-server', serverId });
  };
  return (
    <header className={classes.header}>
      <div className={classes.what}>
        <div className={classes.title}>
          <h1 className={classes.name}>
            <MiddleEllipsis text={instance.name} />
          </h1>
          <StatusPill tone={toneOf(instance.status)}>{t(`statuses.${instance.status}`)}</StatusPill>
          {instance.step === '' ? null : <span className={classes.quiet}>{stepText(t, instance)}</span>}
          {instance.progress === null ? null : (
            <div className={classes.progress}>
              <ProgressBar fraction={instance.progress / 100} label={t('progressOf', { name: instance.name })} />
            </div>
          )}
        </div>
        <div className={classes.facts}>
          <span className={classes.fact}>
            <span className="mono selectable">{id}</span>
            <CopyButton text={id} label={t('copyId')} />
          </span>
          <span>PostgreSQL {instance.version}</span>
          {address === '' ? null : (
            <span className={classes.fact}>
              <span className="mono selectable">{address}</span>
              <CopyButton text={address} label={t('copyAddress')} />
            </span>
          )}
        </div>
      </div>
      <div className={classes.actions}>
        <Button
          leftSection={<IconPlugConnected size={16} stroke={1.5} />}
          disabled={!allows('connect', instance)}
          onClick={() => void connect().catch(presentError)}
        >
          {t('actions.connect')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconRotateClockwise size={16} stroke={1.5} />}
          disabled={!allows('restart', instance)}
          onClick={() => onAsk('restart')}
        >
          {t('actions.restart')}
        </Button>
        {instance.standbyZones.length === 0 ? null : (
          <Button
            variant="default"
            leftSection={<IconArrowsExchange size={16} stroke={1.5} />}
            disabled={!allows('switch', instance)}
            onClick={() => onAsk('switch')}
          >
            {t('actions.switch')}
          </Button>
        )}
        <MoreActions
          instance={instance}
          without={IN_SIGHT}
          variant="default"
          onAction={(action) => (action === 'connect' || action === 'manage' ? undefined : onAsk(action))}
        />
      </div>
    </header>
  );
}
