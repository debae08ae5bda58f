import { ActionIcon, Button, Checkbox, Tooltip } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CompareOptions } from '../../../shared/model/compare';
import type { ServerView } from '../../../shared/model/server';
import { ProgressBar } from '../../ui/progress-bar';
import { fits, isReady, type SideDraft } from './model';
import classes from './setup-panel.module.css';
import { SidePicker } from './side-picker';

export interface SetupPanelProps {
  readonly servers: readonly ServerView[];
  readonly source: SideDraft;
  readonly target: SideDraft;
  readonly options: CompareOptions;
  /** Key of the translations `compare.steps`; null: nothing runs. */
  readonly step: string | null;
  readonly onSides: (source: SideDraft, target: SideDraft) => void;
  readonly onOptions: (options: CompareOptions) => void;
  readonly onCompare: () => void;
  readonly onCancel: () => void;
}

const OPTIONS = [
  'ignoreOwners',
  'ignorePrivileges',
  'ignoreComments',
  'ignoreTablespaces',
  'ignoreColumnOrder',
  'ignoreStorageOptions',
  'ignoreExtensionVersions',
] as const satisfies readonly (keyof CompareOptions)[];

/** What is compared with what, and what doesn't count. */
export function SetupPanel(props: SetupPanelProps) {
  const { servers, source, target, options, step, onSides, onOptions, onCompare, onCancel } = props;
  const { t } = useTranslation('compare');
  const isFit = fits(source, target);
  return (
    <div className={classes.setup}>
      <div className={classes.sides}>
        <SidePicker label={t('source')} servers={servers} draft={source} onChange={(next) => onSides(next, target)} />
        <Tooltip label={t('swap')}>
          <ActionIcon aria-label={t('swap')} className={classes.swap ?? ''} onClick={() => onSides(target, source)}>
            <IconArrowsExchange size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
        <SidePicker label={t('target')} servers={servers} draft={target} onChange={(next) => onSides(source, next)} />
      </div>
      <p className={classes.note}>{t('direction')}</p>
      <fieldset className={classes.options}>
        <legend className={classes.legend}>{t('ignore')}</legend>
        {OPTIONS.map((option) => (
          <Checkbox
            key={option}
            label={t(`options.${option}`)}
            checked={options[option]}
            onChange={(event) => onOptions({ ...options, [option]: event.currentTarget.checked })}
          />
        ))}
      </fieldset>
      {isFit ? null : (
        <p className={classes.note} role="status">
          {t('mismatch')}
        </p>
      )}
      {step === null ? (
        <div>
          <Button disabled={!isReady([source, target])} onClick={onCompare}>
            {t('compare')}
          </Button>
        </div>
      ) : (
        <div className={classes.running} role="status">
          <ProgressBar fraction={null} label={t('compare')} />
          <span>{t(`steps.${step}`)}</span>
          <Button variant="default" onClick={onCancel}>
            {t('cancel')}
          </Button>
        </div>
      )}
    </div>
  );
}
