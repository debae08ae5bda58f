import type { Theme } from '@glideapps/glide-data-grid';
import type { CellTone } from './grid-overlay';

/** The canvas can't read custom properties by itself: the grid's theme from the tokens in force, and sizes in pixels. */
export interface GridLook {
  readonly theme: Partial<Theme>;
  readonly nullTheme: Partial<Theme>;
  readonly tones: Readonly<Record<CellTone, Partial<Theme>>>;
  /** Colour of the signs that tell a tone. */
  readonly toneColors: Readonly<Record<CellTone, string>>;
  /** Font of cells, for measuring. */
  readonly font: string;
  readonly rowHeight: number;
}

export function gridLook(): GridLook {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string): string => styles.getPropertyValue(name).trim();
  const mono = token('--font-mono');
  const size = token('--mono-size');
  return {
    font: `${size} ${mono}`,
    rowHeight: Number.parseFloat(token('--row')),
    nullTheme: { textDark: token('--muted'), baseFontStyle: `italic ${size}` },
    tones: {
      changed: { bgCell: token('--warn-soft') },
      added: { bgCell: token('--ok-soft') },
      deleted: { bgCell: token('--error-soft'), textDark: token('--muted') },
      conflict: { bgCell: token('--error-soft') },
      wrong: { bgCell: token('--error-soft') },
    },
    toneColors: {
      changed: token('--warn'),
      added: token('--ok'),
      deleted: token('--error'),
      conflict: token('--error'),
      wrong: token('--error'),
    },
    theme: {
      accentColor: token('--accent'),
      accentFg: token('--on-accent'),
      accentLight: token('--selected'),
      textDark: token('--text'),
      textMedium: token('--muted'),
      textLight: token('--muted'),
      textHeader: token('--text'),
      textHeaderSelected: token('--on-accent'),
      bgCell: token('--background'),
      bgCellMedium: token('--surface'),
      bgHeader: token('--surface'),
      bgHeaderHasFocus: token('--selected'),
      bgHeaderHovered: token('--hover'),
      borderColor: token('--border'),
      horizontalBorderColor: token('--border'),
      headerBottomBorderColor: token('--border'),
      resizeIndicatorColor: token('--accent'),
      fontFamily: mono,
      baseFontStyle: size,
      headerFontStyle: `600 ${size}`,
      markerFontStyle: size,
      editorFontSize: size,
      cellHorizontalPadding: 8,
      cellVerticalPadding: 3,
      lineHeight: 1.4,
      roundingRadius: 0,
    },
  };
}
