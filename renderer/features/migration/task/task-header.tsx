import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowRight,
  IconArrowsExchange,
  IconDots,
  IconFileReport,
  IconKey,
  IconPencil,
  IconSettings,
  IconTag,
} from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { JOB_STATUSES, type Blocker } from '../../../../shared/model/migration-words';
import type { EndpointView, MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatPercent, formatTime, formatUtc } from '../../../ui/bytes';
import { CopyButton } from '../../../ui/copy-button';
import { presentError } from '../../../ui/error-presenter';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill } from '../../../ui/status-pill';
import { useCommand } from '../../../ui/workbench';
import { DEED_ICONS } from './deed-icons';
import type { Asked } from './job-dialogs';
import {
  addressOf,
  deedsOf,
  isDraft,
  mayChangeAccess,
  placeOf,
  shareOf,
  standingOf,
  statusesFor,
  TONE_OF_STANDING,
  type Deed,
} from './model';
import { saveReport } from './save-report';
import classes from './task-header.module.css';

/** Deeds that carry the task on, of which at most one is allowed at a time. */
const ONWARD: readonly Deed[] = ['start', 'pause', 'continue', 'resume', 'recover'];
/** Those that stand in the menu whether they are allowed or not. */
const IN_MENU: readonly Deed[] = ['pause', 'continue', 'resume', 'stop', 'isolate', 'destroy'];

export interface TaskHeaderProps {
  readonly job: MigrationJobDetail;
  /** Why it cannot be completed now; null when that is out of the question. */
  readonly blockers: readonly Blocker[] | null;
  /** A change waits for a decision. */
  readonly halted: boolean;
  readonly onAsk: (what: Asked['what']) => void;
  readonly onComplete: () => void;
}

/** Why a deed cannot be done now: the statuses in which it can. */
function whyNot(t: TFunction<'migration'>, deed: Deed, isolated: boolean): string {
  if (deed === 'destroy') return t('action.onlyIsolated');
  if (isolated) return t('action.notIsolated');
  const words = statusesFor(deed, JOB_STATUSES).map((status) => t(`status.${status}`));
  return t('action.onlyIn', { statuses: [...new Set(words)].join(', ') });
}

/** Name, id, status, where from and where to, and what can be done now. */
export function TaskHeader({ job, blockers, halted, onAsk, onComplete }: TaskHeaderProps) {
  const { t, i18n } = useTranslation('migration');
  const run = useCommand();
  const standing = standingOf(job);
  const share = shareOf(job);
  const allowed = deedsOf(job);
  const onward = ONWARD.find((deed) => allowed.includes(deed));
  const at = job.scheduledAt !== null && job.startedAt === null ? job.scheduledAt : null;
  return (
    <header className={classes.header}>
      <div className={classes.title}>
        <h1 className={classes.name}>
          <MiddleEllipsis text={job.name} />
        </h1>
        {job.isolated ? null : (
          <Tooltip label={t('action.renameIt')}>
            <ActionIcon aria-label={t('action.renameIt')} onClick={() => onAsk('rename')}>
              <IconPencil size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        )}
        {halted ? (
          <StatusPill tone="error">{t('task.follow.states.halted')}</StatusPill>
        ) : (
          <StatusPill tone={TONE_OF_STANDING[standing]}>{t(`status.${standing}`)}</StatusPill>
        )}
        {share === null ? null : (
          <div className={classes.progress}>
            <ProgressBar
              fraction={share}
              label={t('list.progressOf', { name: job.name })}
              tone={standing === 'failed' ? 'error' : standing === 'waiting' ? 'warn' : 'accent'}
            />
            <span className="numeric">{formatPercent(share)}</span>
          </div>
        )}
      </div>
      <div className={classes.actions}>
        {isDraft(job) ? (
          <Button
            variant={onward === undefined ? 'filled' : 'default'}
            leftSection={<IconSettings size={16} stroke={1.5} />}
            onClick={() => run({ do: 'create-migration', jobId: job.id })}
          >
            {t('action.setUp')}
          </Button>
        ) : null}
        {blockers === null ? null : <CompleteButton blockers={blockers} onClick={onComplete} />}
        {onward === undefined ? null : (
          <DeedButton deed={onward} filled={onward !== 'pause'} onClick={() => onAsk(onward)} />
        )}
        {allowed.includes('stop') ? <DeedButton deed="stop" filled={false} onClick={() => onAsk('stop')} /> : null}
        {isDraft(job) ? null : (
          <Button
            variant="default"
            leftSection={<IconFileReport size={16} stroke={1.5} />}
            onClick={() => void saveReport(t, job, i18n.language === 'zh-CN' ? 'zh-CN' : 'en').catch(presentError)}
          >
            {t('report.save')}
          </Button>
        )}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size="lg" variant="default" aria-label={t('action.more', { name: job.name })}>
              <IconDots size={16} stroke={1.5} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconTag size={16} stroke={1.5} />}
              disabled={job.isolated}
              onClick={() => onAsk('tags')}
            >
              {t('action.editTags')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconKey size={16} stroke={1.5} />}
              disabled={!mayChangeAccess(job)}
              onClick={() => onAsk('access')}
            >
              {t('action.changeAccess')}
            </Menu.Item>
            <Menu.Divider />
            {IN_MENU.map((deed) => {
              const Icon = DEED_ICONS[deed];
              const may = allowed.includes(deed);
              return (
                <Menu.Item
                  key={deed}
                  leftSection={<Icon size={16} stroke={1.5} />}
                  disabled={!may}
                  {...(deed === 'destroy' ? { color: 'error' } : {})}
                  onClick={() => onAsk(deed)}
                >
                  {t(`action.${deed}`)}
                  {may ? null : <div className={classes.why}>{whyNot(t, deed, job.isolated)}</div>}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={classes.facts}>
        <span className={classes.fact}>
          <span className="mono selectable">{job.id}</span>
          <CopyButton text={job.id} label={t('task.copyId')} />
        </span>
        <span>{t(`task.types.${job.type}`)}</span>
        {job.source === null || job.target === null ? null : (
          <span className={classes.fact}>
            <Place side={job.source} label={t('task.details.source')} />
            <IconArrowRight size={16} stroke={1.5} aria-hidden />
            <Place side={job.target} label={t('task.details.target')} />
          </span>
        )}
        <span title={at === null ? undefined : formatUtc(at)}>
          {at === null
            ? t(`task.runModes.${job.runMode}`)
            : t('list.startsAt', { time: formatTime(at, i18n.language) })}
        </span>
        {job.tags.length === 0 ? null : (
          <span>{job.tags.map(({ key, value }) => (value === '' ? key : `${key}=${value}`)).join(' · ')}</span>
        )}
      </div>
    </header>
  );
}

function Place({ side, label }: { readonly side: EndpointView; readonly label: string }) {
  return (
    <span className={classes.place} title={`${label}: ${addressOf(side)}`}>
      <span className="visually-hidden">{label} </span>
      <MiddleEllipsis text={placeOf(side)} tail={12} />
    </span>
  );
}

interface DeedButtonProps {
  readonly deed: Deed;
  readonly filled: boolean;
  readonly onClick: () => void;
}

function DeedButton({ deed, filled, onClick }: DeedButtonProps) {
  const { t } = useTranslation('migration');
  const Icon = DEED_ICONS[deed];
  return (
    <Button variant={filled ? 'filled' : 'default'} leftSection={<Icon size={16} stroke={1.5} />} onClick={onClick}>
      {t(`action.${deed}`)}
    </Button>
  );
}

interface CompleteButtonProps {
  readonly blockers: readonly Blocker[];
  readonly onClick: () => void;
}

/** Stays reachable while it is not allowed, so that it can tell why. */
function CompleteButton({ blockers, onClick }: CompleteButtonProps) {
  const { t } = useTranslation('migration');
  const blocked = blockers.length > 0;
  const why = blockers.map((blocker) => t(`task.complete.blockers.${blocker}`)).join(' · ');
  return (
    <Tooltip label={why} disabled={!blocked} multiline maw={360}>
      <Button
        leftSection={<IconArrowsExchange size={16} stroke={1.5} />}
        {...(blocked ? { 'data-disabled': true, 'aria-disabled': true, 'aria-description': why } : {})}
        onClick={() => {
          if (!blocked) onClick();
        }}
      >
        {t('action.complete')}
      </Button>
    </Tooltip>
  );
}
