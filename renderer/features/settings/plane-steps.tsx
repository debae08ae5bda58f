import { Loader } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlaneTest } from '../../../shared/model/plane';
import { CopyButton } from '../../ui/copy-button';
import classes from './planes-dialog.module.css';

const ICONS = { ok: IconCheck, failed: IconX, 'not-reached': IconMinus } as const;

/** How far the test of a control plane came; under it what the step that failed said. */
export function PlaneSteps({ result }: { readonly result: PlaneTest | 'running' }) {
  const { t } = useTranslation('settings');
  if (result === 'running')
    return (
      <div className={classes.result} role="status">
        <Loader size={16} aria-hidden /> {t('planes.testing')}
      </div>
    );
  return (
    <div className={classes.result} role="status" data-outcome={result.ok ? 'ok' : 'failed'}>
      <ul className={classes.steps} aria-label={t('planes.testResult')}>
        {result.steps.map(({ step, state }) => {
          const Icon = ICONS[state];
          return (
            <li key={step} data-state={state}>
              <Icon size={16} stroke={1.5} aria-hidden />
              <span className="visually-hidden">{t(`planes.states.${state}`)}: </span>
              {t(`planes.steps.${step}`)}
            </li>
          );
        })}
        {result.instances === null ? null : (
          <li className={classes.muted}>{t('planes.instances', { count: result.instances })}</li>
        )}
      </ul>
      {result.text === '' ? null : (
        <p className={`selectable ${classes.failure ?? ''}`}>
          {result.text}
          <CopyButton text={result.text} />
        </p>
      )}
    </div>
  );
}
