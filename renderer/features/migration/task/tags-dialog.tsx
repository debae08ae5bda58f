import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkTags } from '../../../../shared/model/instance-rules';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { TagFields, type Tag } from '../../../ui/tag-fields';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';

/** The tags of a task: a key and a value each. */
export function TagsDialog({ job, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('migration');
  const [tags, setTags] = useState<readonly Tag[]>(job.tags);
  const failure = checkTags([...tags]);
  return (
    <ConfirmDialog
      opened
      title={t('action.tags.title', { name: job.name })}
      deed={t('action.tags.deed')}
      ready={failure === null}
      onConfirm={async () => {
        await api.migration.setTags({ id: job.id, tags: [...tags] });
        onDone();
      }}
      onClose={onClose}
    >
      {tags.length === 0 ? <p className={classes.quiet}>{t('action.tags.none')}</p> : null}
      <TagFields
        tags={tags}
        problem={
          failure === null
            ? undefined
            : t(`action.tags.rules.${failure.rule}`, { ...failure.values, example: failure.example })
        }
        onChange={setTags}
      />
    </ConfirmDialog>
  );
}
