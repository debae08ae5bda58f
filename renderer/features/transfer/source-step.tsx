import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../../shared/model/server';
import { ChoiceGroup } from '../../ui/choice-group';
import classes from './import-wizard.module.css';
import type { Draft } from './model';
import { SourceDatabase } from './source-database';
import { SourceFile } from './source-file';

export interface SourceStepProps {
  readonly draft: Draft;
  readonly servers: readonly ServerView[] | null;
  readonly onChange: (draft: Draft) => void;
}

/** Where the data comes from: a file, or a database on a registered server. */
export function SourceStep(props: SourceStepProps) {
  const { t } = useTranslation('transfer');
  const { draft, onChange } = props;
  return (
    <>
      <div>
        <h2 className={classes.heading}>{t('source.title')}</h2>
        <p className={classes.lead}>{t('source.lead')}</p>
      </div>
      <ChoiceGroup
        label={t('source.title')}
        value={draft.from}
        choices={[
          { value: 'file', label: t('source.file') },
          { value: 'database', label: t('source.database') },
        ]}
        onChange={(value) =>
          onChange({
            ...draft,
            from: value === 'file' ? 'file' : 'database',
            chosenOnly: false,
            options: { ...draft.options, schemas: [], tables: [], allowUnsafeCommands: false },
          })
        }
      />
      {draft.from === 'file' ? <SourceFile {...props} /> : <SourceDatabase {...props} />}
    </>
  );
}
