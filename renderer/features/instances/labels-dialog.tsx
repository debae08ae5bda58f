import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { checkTags } from '../../../shared/model/instance-rules';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { FormRow } from '../../ui/form-row';
import { TagFields, type Tag } from '../../ui/tag-fields';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';
import { refresh } from './store';

/** The tags of an instance after more were given to it: a key that is there takes the new value. */
export const mergeTags = (before: readonly Tag[], added: readonly Tag[]): Tag[] => [
  ...before.filter(({ key }) => !added.some((tag) => tag.key === key)),
  ...added,
];

/** Project and tags: of one instance as they are, of several what is to be set for all of them. */
export function LabelsDialog({
  instances,
  instance,
  onClose,
  onDone,
}: DialogProps & { readonly instances: readonly InstanceView[] }) {
  const { t } = useTranslation('instances');
  const several = instances.length > 1;
  const [project, setProject] = useState<number | ''>(several ? '' : instance.projectId);
  const [tags, setTags] = useState<Tag[]>(several ? [] : [...instance.tags]);
  const failure = checkTags(tags);
  const { plane } = instance;

  const save = async () => {
    const moved = instances.filter(({ projectId }) => project !== '' && projectId !== project).map(({ id }) => id);
    if (project !== '' && moved.length > 0) await api.instances.setProject({ plane, ids: moved, projectId: project });
    if (!several || tags.length > 0) {
      for (const each of instances) {
        await api.instances.setTags({ plane, id: each.id, tags: several ? mergeTags(each.tags, tags) : tags });
      }
    }
    onDone();
    void refresh(plane);
  };

  return (
    <ConfirmDialog
      opened
      width={560}
      title={t('labels.title', { count: instances.length, name: instance.name })}
      deed={t('labels.deed')}
      ready={failure === null && (!several || project !== '' || tags.length > 0)}
      onConfirm={save}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <FormRow label={t('columns.project')} htmlFor="labels-project">
          <NumberInput
            id="labels-project"
            className={classes.narrow ?? ''}
            min={0}
            allowDecimal={false}
            allowNegative={false}
            placeholder={several ? t('labels.unchanged') : ''}
            value={project}
            onChange={(next) => setProject(next === '' ? '' : Number(next))}
          />
          <p className={classes.note}>{t('projects.note')}</p>
        </FormRow>
        <FormRow label={t('buy.tags')}>
          <TagFields
            tags={tags}
            keyMax={63}
            problem={
              failure === null ? undefined : t(`rules.${failure.rule}`, { ...failure.values, example: failure.example })
            }
            onChange={setTags}
          />
          {several ? <p className={classes.note}>{t('labels.added')}</p> : null}
        </FormRow>
      </div>
    </ConfirmDialog>
  );
}
