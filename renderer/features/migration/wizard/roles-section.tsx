import { MultiSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ObjectSelection } from '../../../../shared/model/migration';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ErrorPanel } from '../../../ui/error-panel';
import { FormRow } from '../../../ui/form-row';
import { useAsked } from '../use-asked';
import classes from './migration-wizard.module.css';

export interface RolesSectionProps {
  readonly jobId: string;
  readonly selection: ObjectSelection;
  readonly problem: string | null;
  readonly onChange: (selection: ObjectSelection) => void;
}

const MODES = ['all', 'partial', 'none'] as const;

/** Which roles are made on the target. */
export function RolesSection({ jobId, selection, problem, onChange }: RolesSectionProps) {
  const { t } = useTranslation('migration');
  const { roleMode, roles } = selection;
  const known = useAsked(roleMode === 'partial' ? jobId : null, (signal) =>
    api.migration.sourceRoles({ id: jobId }, signal),
  );
  return (
    <section className={classes.section} aria-label={t('wizard.roles')}>
      <FormRow label={t('wizard.roles')}>
        <ChoiceGroup
          label={t('wizard.roles')}
          value={roleMode}
          choices={MODES.map((value) => ({ value, label: t(`wizard.roleModes.${value}`) }))}
          onChange={(value) => onChange({ ...selection, roleMode: MODES.find((each) => each === value) ?? 'all' })}
        />
        <p className={classes.note}>{t(`wizard.roleNotes.${roleMode}`)}</p>
        {known.error === null ? null : <ErrorPanel error={known.error} onRetry={known.again} />}
        {roleMode === 'partial' ? (
          <MultiSelect
            mt="xs"
            className={classes.narrow ?? ''}
            aria-label={t('wizard.roleList')}
            data={[...new Set([...(known.value ?? []), ...roles])]}
            value={[...roles]}
            onChange={(next) => onChange({ ...selection, roles: next })}
            searchable
            hidePickedOptions
            disabled={known.value === null}
            placeholder={t(known.value === null ? 'endpoint.loading' : 'wizard.roleChoose')}
            {...(problem === null ? {} : { error: problem, 'data-problem': true })}
          />
        ) : null}
      </FormRow>
    </section>
  );
}
