import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconSettings, IconTag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { DEED_ICONS } from '../task/deed-icons';
import { deedsOf, isDraft, type Deed } from '../task/model';
import classes from './row-actions.module.css';

export type RowAction = Deed | 'open' | 'rename' | 'tags';

/** Deeds that stand behind *More* even when no other comes next: their page says what they mean. */
const SELDOM: ReadonlySet<Deed> = new Set(['takeBack', 'finish', 'isolate', 'destroy']);

export interface RowActionsProps {
  readonly job: MigrationJobView;
  readonly onAction: (action: RowAction) => void;
}

/** *Set up* or *Open*, the deed that comes next, and the rest behind *More*; only what the status allows is offered. */
export function RowActions({ job, onAction }: RowActionsProps) {
  const { t } = useTranslation('migration');
  const deeds = deedsOf(job);
  const [first, ...others] = deeds;
  const inSight = first !== undefined && SELDOM.has(first) ? undefined : first;
  const more = inSight === undefined ? deeds : others;
  return (
    <div className={classes.actions}>
      {inSight === undefined ? null : (
        <Button
          size="xs"
          variant="subtle"
          className={classes.button ?? ''}
          aria-label={t('action.named', { action: t(`action.${inSight}`), name: job.name })}
          onClick={() => onAction(inSight)}
        >
          {t(`action.${inSight}`)}
        </Button>
      )}
      <Button size="xs" variant="subtle" className={classes.button ?? ''} onClick={() => onAction('open')}>
        {t(isDraft(job) ? 'action.setUp' : 'action.open')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('action.more', { name: job.name })}>
            <IconDots size={16} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isDraft(job) ? (
            <Menu.Item leftSection={<IconSettings size={16} stroke={1.5} />} onClick={() => onAction('open')}>
              {t('action.setUp')}
            </Menu.Item>
          ) : null}
          {more.map((deed) => (
            <DeedItem key={deed} deed={deed} onAction={onAction} />
          ))}
          {job.isolated ? null : (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={() => onAction('rename')}>
                {t('action.renameIt')}
              </Menu.Item>
              <Menu.Item leftSection={<IconTag size={16} stroke={1.5} />} onClick={() => onAction('tags')}>
                {t('action.editTags')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function DeedItem({ deed, onAction }: { readonly deed: Deed; readonly onAction: (deed: Deed) => void }) {
  const { t } = useTranslation('migration');
  const Icon = DEED_ICONS[deed];
  return (
    <Menu.Item
      leftSection={<Icon size={16} stroke={1.5} />}
      {...(deed === 'destroy' ? { color: 'error' } : {})}
      onClick={() => onAction(deed)}
    >
      {t(`action.${deed}`)}
    </Menu.Item>
  );
}
