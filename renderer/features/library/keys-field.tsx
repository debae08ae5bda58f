import { Button } from '@mantine/core';
import { IconKeyboard, IconX } from '@tabler/icons-react';
import i18next from 'i18next';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import {
  keymapOf,
  keysInForce,
  keysOfPress,
  reservedReason,
  sameSpelling,
  shortcutText,
} from '../../../shared/model/keymap';
import { scopesOf, TAB_ACTION_CATALOGUE } from '../../../shared/model/tab-actions';
import type { Settings } from '../../../shared/model/settings';
import { api, listen } from '../../api';
import { useLive } from '../../ui/use-live';
import classes from './library-view.module.css';
import { isMac } from '../../ui/platform';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

const readSettings = (): Promise<Settings> => api.settings.get({});
const followSettings = (changed: () => void) => listen('settings', 'changed', changed);

export interface KeysFieldProps {
  /** As in the keymap; empty is none. */
  readonly keys: string;
  /** What stands against them, told by whoever saves; empty is nothing. */
  readonly taken: string;
  readonly onChange: (keys: string) => void;
}

/** The keys of a macro: pressed, not spelled. Those that another action has are told of; a macro comes first in a query tab. */
export function KeysField({ keys, taken, onChange }: KeysFieldProps) {
  const { t } = useTranslation('library');
  const { t: words } = useTranslation('app');
  const id = useId();
  const [recording, setRecording] = useState(false);
  const [refused, setRefused] = useState('');
  const recorder = useRef<HTMLDivElement>(null);
  const settings = useLive(readSettings, followSettings);
  useEffect(() => {
    if (recording) recorder.current?.focus();
  }, [recording]);
  const other = keymapOf(settings?.shortcuts ?? {}).find(
    (shortcut) => keys !== '' && sameSpelling(shortcut.keys, isMac) === sameSpelling(keys, isMac),
  );
  const inTab = Object.entries(TAB_ACTION_CATALOGUE).find(
    ([action]) =>
      scopesOf(action).includes('query') &&
      keysInForce(action, undefined, settings?.shortcuts ?? {}).some(
        (own) => keys !== '' && sameSpelling(own, isMac) === sameSpelling(keys, isMac),
      ),
  );
  const shadowed = inTab ? i18next.t(inTab[1].label) : other ? words(`commands.${other.action}`) : '';
  const press = (event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const pressed = keysOfPress(event.nativeEvent, isMac);
    if (pressed === null) return;
    setRecording(false);
    if (pressed === 'escape') return;
    if (reservedReason(pressed, isMac) === null) {
      setRefused('');
      onChange(pressed);
    } else setRefused(pressed);
  };
  const problem =
    refused === ''
      ? taken || (shadowed === '' ? '' : t('macros.shadows', { action: shadowed }))
      : t('macros.reserved', { keys: shortcutText(refused, isMac) });
  return (
    <div className={classes.keysField} role="group" aria-labelledby={id}>
      <span id={id} className={classes.label}>
        {t('fields.keys')}
      </span>
      <div className={classes.keys}>
        {recording ? (
          <div
            ref={recorder}
            className={classes.recorder}
            role="textbox"
            tabIndex={0}
            aria-label={t('macros.press')}
            data-records-keys
            onKeyDown={press}
            onBlur={() => setRecording(false)}
          >
            {t('macros.press')}
          </div>
        ) : (
          <>
            <kbd>{keys === '' ? t('macros.noKeys') : shortcutText(keys, isMac)}</kbd>
            <Button
              variant="default"
              leftSection={<IconKeyboard {...icon} />}
              onClick={() => {
                setRefused('');
                setRecording(true);
              }}
            >
              {t('macros.record')}
            </Button>
            {keys === '' ? null : (
              <Button variant="subtle" leftSection={<IconX {...icon} />} onClick={() => onChange('')}>
                {t('macros.withoutKeys')}
              </Button>
            )}
          </>
        )}
      </div>
      {problem === '' ? null : (
        <div className={classes.problem} role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
