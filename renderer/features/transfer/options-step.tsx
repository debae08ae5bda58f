import { Checkbox, NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IMPORT_CONTENTS, type ImportContent } from '../../../shared/model/import';
import { ChoiceGroup } from '../../ui/choice-group';
import classes from './import-wizard.module.css';
import { mayUseJobs, type Draft } from './model';

/** How it is done; the defaults are right for most. */
export function OptionsStep({ draft, onChange }: { readonly draft: Draft; readonly onChange: (draft: Draft) => void }) {
  const { t } = useTranslation('transfer');
  const { options } = draft;
  const set = (change: Partial<Draft['options']>) => onChange({ ...draft, options: { ...options, ...change } });
  const errors = options.singleTransaction ? 'transaction' : options.stopOnError ? 'stop' : 'go-on';
  return (
    <>
      <div>
        <h2 className={classes.heading}>{t('options.title')}</h2>
        <p className={classes.lead}>{t('options.lead')}</p>
      </div>
      <section className={classes.fields} aria-label={t('options.content')}>
        <div className={classes.label}>{t('options.content')}</div>
        <ChoiceGroup
          label={t('options.content')}
          value={options.content}
          choices={IMPORT_CONTENTS.map((value) => ({ value, label: t(`options.contents.${value}`) }))}
          onChange={(value) => set({ content: value as ImportContent })}
        />
      </section>
      <section className={classes.fields} aria-label={t('options.rights')}>
        <Checkbox
          label={t('options.noOwner')}
          description={t('options.noOwnerText')}
          checked={options.noOwner}
          onChange={(event) => set({ noOwner: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('options.noPrivileges')}
          description={t('options.noPrivilegesText')}
          checked={options.noPrivileges}
          onChange={(event) => set({ noPrivileges: event.currentTarget.checked })}
        />
        {draft.create || (draft.from === 'file' && draft.preview?.kind === 'plain') ? null : (
          <Checkbox
            label={t('options.clean')}
            description={t('options.cleanText')}
            checked={options.clean}
            onChange={(event) => set({ clean: event.currentTarget.checked })}
          />
        )}
      </section>
      <section className={classes.fields} aria-label={t('options.errors')}>
        <div className={classes.label}>{t('options.errors')}</div>
        <ChoiceGroup
          label={t('options.errors')}
          value={errors}
          choices={[
            { value: 'go-on', label: t('options.goOn') },
            { value: 'stop', label: t('options.stop') },
            { value: 'transaction', label: t('options.transaction') },
          ]}
          onChange={(value) => set({ singleTransaction: value === 'transaction', stopOnError: value === 'stop' })}
        />
        <p className={classes.lead}>{t(`options.errorsText.${errors}`)}</p>
      </section>
      <section className={classes.fields} aria-label={t('options.more')}>
        {mayUseJobs(draft) ? (
          <NumberInput
            className={classes.figure ?? ''}
            label={t('options.jobs')}
            min={1}
            max={64}
            value={options.jobs}
            onChange={(value) => set({ jobs: Math.min(64, Math.max(1, Math.round(Number(value) || 1))) })}
          />
        ) : null}
        <Checkbox
          label={t('options.analyze')}
          description={t('options.analyzeText')}
          checked={options.analyze}
          onChange={(event) => set({ analyze: event.currentTarget.checked })}
        />
      </section>
    </>
  );
}
