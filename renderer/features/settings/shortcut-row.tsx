import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconKeyboard, IconRestore, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  keysOfPress,
  reservedReason,
  shortcutText,
  type KeyChoices,
  type Reserved,
} from '../../../shared/model/keymap';
import { keysOf, takenBy, withKeys, withoutChoice, type Bindable } from './shortcuts-model';
import classes from './shortcuts-view.module.css';
import { saveSettings } from './store';
import { isMac } from '../../ui/platform';

/** What stands in the way of the keys that were pressed. */
type Problem =
  | { readonly kind: 'reserved'; readonly keys: string; readonly reason: Reserved }
  | { readonly kind: 'taken'; readonly keys: string; readonly by: Bindable };

interface RowProps {
  readonly action: Bindable;
  readonly all: readonly Bindable[];
  readonly choices: KeyChoices;
}

/** One action: its keys, and what can be done with them. */
export function ShortcutRow({ action, all, choices }: RowProps) {
  const { t } = useTranslation('settings');
  const [recording, setRecording] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const recorder = useRef<HTMLButtonElement>(null);
  const keys = keysOf(action, choices);
  const text = (of: string) => shortcutText(of, isMac);
  const stop = () => {
    setRecording(false);
    recorder.current?.focus();
  };
  const give = (pressed: string, from: Bindable | null) => {
    setProblem(null);
    saveSettings({ shortcuts: withKeys(choices, action, pressed, from) });
  };
  const wish = (pressed: string) => {
    const reason = reservedReason(pressed, isMac);
    const by = takenBy(pressed, action, all, choices, isMac);
    if (reason !== null) setProblem({ kind: 'reserved', keys: pressed, reason });
    else if (by !== null) setProblem({ kind: 'taken', keys: pressed, by });
    else give(pressed, null);
  };
  const reset = () => {
    const usual = keysOf(action, {});
    const taken = usual.find((own) => takenBy(own, action, all, choices, isMac) !== null);
    if (taken === undefined) saveSettings({ shortcuts: withoutChoice(choices, action) });
    else wish(taken);
  };
  return (
    <li className={classes.row} aria-label={action.label}>
      <span className={classes.label}>{action.label}</span>
      <span className={classes.keys}>
        {recording ? (
          <Recorder
            onKeys={(pressed) => {
              stop();
              wish(pressed);
            }}
            onStop={stop}
          />
        ) : keys.length === 0 ? (
          <span className={classes.quiet}>{t('shortcuts.none')}</span>
        ) : (
          keys.map((own) => <kbd key={own}>{text(own)}</kbd>)
        )}
      </span>
      <span className={classes.deeds}>
        <Deed
          icon={IconKeyboard}
          label={t('shortcuts.record')}
          of={action.label}
          innerRef={recorder}
          onClick={() => {
            setProblem(null);
            setRecording(true);
          }}
        />
        <Deed
          icon={IconX}
          label={t('shortcuts.remove')}
          of={action.label}
          disabled={keys.length === 0}
          onClick={() => give('', null)}
        />
        <Deed
          icon={IconRestore}
          label={t('shortcuts.reset')}
          of={action.label}
          disabled={choices[action.id] === undefined}
          onClick={reset}
        />
      </span>
      {problem === null ? null : (
        <div className={classes.problem} role="alert">
          {problem.kind === 'reserved'
            ? t(`shortcuts.reserved.${problem.reason}`, { keys: text(problem.keys) })
            : t('shortcuts.taken', { keys: text(problem.keys), action: problem.by.label })}
          {problem.kind === 'reserved' ? null : (
            <Button size="xs" variant="default" onClick={() => give(problem.keys, problem.by)}>
              {t('shortcuts.take')}
            </Button>
          )}
          <Button size="xs" variant="subtle" onClick={() => setProblem(null)}>
            {t('cancel')}
          </Button>
        </div>
      )}
    </li>
  );
}

interface DeedProps {
  readonly icon: typeof IconX;
  readonly label: string;
  /** Name of the action, for those who don't see the row. */
  readonly of: string;
  readonly disabled?: boolean;
  readonly innerRef?: React.RefObject<HTMLButtonElement | null>;
  readonly onClick: () => void;
}

function Deed({ icon: Icon, label, of, disabled = false, innerRef, onClick }: DeedProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon ref={innerRef} aria-label={`${label}: ${of}`} disabled={disabled} onClick={onClick}>
        <Icon size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** Takes the next keys for itself, whatever they mean elsewhere (`data-records-keys` holds the shell's shortcuts back). */
function Recorder({ onKeys, onStop }: { readonly onKeys: (keys: string) => void; readonly onStop: () => void }) {
  const { t } = useTranslation('settings');
  const latest = useRef({ onKeys, onStop });
  useEffect(() => {
    latest.current = { onKeys, onStop };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') latest.current.onStop();
      else {
        const pressed = keysOfPress(event, isMac);
        if (pressed !== null) latest.current.onKeys(pressed);
      }
    };
    const onPointerDown = () => latest.current.onStop();
    window.addEventListener('keydown', onKeyDown, { capture: true });
    window.addEventListener('pointerdown', onPointerDown, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      window.removeEventListener('pointerdown', onPointerDown, { capture: true });
    };
  }, []);
  return (
    <span className={classes.recorder} data-records-keys role="status">
      {t('shortcuts.press')}
    </span>
  );
}
