import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCopyPlus, IconLock, IconRowInsertBottom, IconRowRemove } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EditTarget, NotEditable } from '../../../../shared/model/edit';
import { showNotice } from '../../../ui/notice';
import { useKeysHint } from '../keys-hint';
import classes from './edit.module.css';

export interface EditToolsProps {
  readonly target: EditTarget | null;
  readonly reason: NotEditable | null;
  readonly onAdd: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

/** Of a result's tools: rows added, doubled and deleted, or why they can't be. */
export function EditTools({ target, reason, onAdd, onDuplicate, onDelete }: EditToolsProps) {
  const { t } = useTranslation('data');
  const hint = useKeysHint();
  if (!target) {
    if (reason === null || reason === 'not-a-table') return null;
    return (
      <Tooltip label={t(`reasons.${reason}`)} multiline w={280}>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<IconLock size={14} stroke={1.5} aria-hidden />}
          onClick={() => showNotice(t(`reasons.${reason}`))}
        >
          {t('tools.readOnly')}
        </Button>
      </Tooltip>
    );
  }
  return (
    <div className={classes.tools} role="group" aria-label={t('tools.label')}>
      <Tooltip label={hint(t('tools.add'), 'data.add', 'insert')}>
        <ActionIcon aria-label={t('tools.add')} disabled={!target.mayInsert} onClick={onAdd}>
          <IconRowInsertBottom size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('tools.duplicate')}>
        <ActionIcon aria-label={t('tools.duplicate')} disabled={!target.mayInsert} onClick={onDuplicate}>
          <IconCopyPlus size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={hint(t('tools.delete'), 'data.delete', 'mod+-')}>
        <ActionIcon aria-label={t('tools.delete')} disabled={!target.mayDelete} onClick={onDelete}>
          <IconRowRemove size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
