import {
  createTheme,
  defaultVariantColorsResolver,
  mergeThemeOverrides,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
  type VariantColorsResolver,
} from '@mantine/core';

/** Colours by role, each drawn from tokens.css; `<Button color="error">` and the like take these names. */
const ROLES = ['accent', 'ok', 'warn', 'error', 'info'] as const;

/** Mantine wants ten shades; the variables below replace every one of them by the role's token, these only satisfy its arithmetic. */
const shades = (hex: string): MantineColorsTuple => [hex, hex, hex, hex, hex, hex, hex, hex, hex, hex];

const isRole = (color: string | undefined): boolean => ROLES.some((role) => role === color);

const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const color = input.color ?? input.theme.primaryColor;
  if (input.variant !== 'filled' || !isRole(color)) return colors;
  return { ...colors, color: color === 'error' ? 'var(--on-error)' : 'var(--on-accent)' };
};

function roleVariables(): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const role of ROLES) {
    const token = `var(--${role})`;
    for (let shade = 0; shade < 10; shade++) variables[`--mantine-color-${role}-${shade}`] = token;
    variables[`--mantine-color-${role}-filled`] = token;
    variables[`--mantine-color-${role}-filled-hover`] = `color-mix(in srgb, ${token} 86%, var(--text))`;
    variables[`--mantine-color-${role}-light`] = `color-mix(in srgb, ${token} 14%, transparent)`;
    variables[`--mantine-color-${role}-light-hover`] = `color-mix(in srgb, ${token} 20%, transparent)`;
    variables[`--mantine-color-${role}-light-color`] = token;
    variables[`--mantine-color-${role}-outline`] = token;
    variables[`--mantine-color-${role}-outline-hover`] = `color-mix(in srgb, ${token} 8%, transparent)`;
    variables[`--mantine-color-${role}-text`] = token;
  }
  return variables;
}

const byScheme: Record<string, string> = {
  ...roleVariables(),
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-body': 'var(--background)',
  '--mantine-color-error': 'var(--error)',
  '--mantine-color-success': 'var(--ok)',
  '--mantine-color-placeholder': 'var(--muted)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--background)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--border-strong)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-disabled': 'var(--surface)',
  '--mantine-color-disabled-color': 'var(--muted)',
  '--mantine-color-disabled-border': 'var(--border)',
};

/** Ties every colour variable of Mantine to a role of tokens.css, so that themes and high contrast are decided there alone. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: byScheme, dark: byScheme });

const quick = { transitionProps: { duration: 80 } };

const theme = createTheme({
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: {
    xs: 'var(--text-size)',
    sm: 'var(--text-size)',
    md: 'var(--text-size)',
    lg: 'var(--heading-size)',
    xl: 'var(--title-size)',
  },
  lineHeights: { xs: '18px', sm: '18px', md: '18px', lg: '20px', xl: '24px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: 'var(--title-size)', lineHeight: 'var(--title-line)' },
      h2: { fontSize: 'var(--heading-size)', lineHeight: 'var(--heading-line)' },
      h3: { fontSize: 'var(--heading-size)', lineHeight: 'var(--heading-line)' },
      h4: { fontSize: 'var(--text-size)', lineHeight: 'var(--text-line)' },
      h5: { fontSize: 'var(--text-size)', lineHeight: 'var(--text-line)' },
      h6: { fontSize: 'var(--text-size)', lineHeight: 'var(--text-line)' },
    },
  },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '4px', xl: '4px' },
  shadows: {
    xs: 'none',
    sm: 'var(--shadow-menu)',
    md: 'var(--shadow-menu)',
    lg: 'var(--shadow-dialog)',
    xl: 'var(--shadow-dialog)',
  },
  defaultRadius: 'sm',
  primaryColor: 'accent',
  colors: {
    accent: shades('#0e7c86'),
    ok: shades('#18753a'),
    warn: shades('#875300'),
    error: shades('#bd2420'),
    info: shades('#0a5cb8'),
  },
  variantColorResolver,
  respectReducedMotion: true,
  cursorType: 'default',
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
    Modal: {
      defaultProps: {
        size: 'var(--dialog-width)',
        padding: 'lg',
        shadow: 'lg',
        yOffset: '8vh',
        overlayProps: { color: 'var(--backdrop)', backgroundOpacity: 1 },
        transitionProps: { duration: 0 },
      },
    },
    Menu: { defaultProps: { shadow: 'md', ...quick } },
    Popover: { defaultProps: { shadow: 'md', ...quick } },
    Combobox: { defaultProps: { shadow: 'md', ...quick } },
    Select: { defaultProps: { comboboxProps: { shadow: 'md' }, checkIconPosition: 'right', allowDeselect: false } },
    Tooltip: {
      defaultProps: { openDelay: 400, withArrow: false, transitionProps: { duration: 0 }, position: 'bottom' },
    },
    Tabs: { defaultProps: { keepMounted: true } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm', highlightOnHover: true } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { clampBehavior: 'none' } },
  },
});

/** Names of the buttons that Mantine's own widgets bring along, for screen readers. */
export interface WidgetNames {
  readonly close: string;
  readonly showPassword: string;
}

/** The theme with the person's language in it. */
export const themeNamed = (names: WidgetNames): MantineThemeOverride =>
  mergeThemeOverrides(theme, {
    components: {
      CloseButton: { defaultProps: { 'aria-label': names.close } },
      PasswordInput: { defaultProps: { visibilityToggleButtonProps: { 'aria-label': names.showPassword } } },
    },
  });
