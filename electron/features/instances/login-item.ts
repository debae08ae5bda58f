/**
 * What makes a desktop start the control plane when its owner logs in, as pure text: a unit of the person's systemd, an autostart entry of
 * the desktop (XDG), or a launch agent (macOS).
 */

export interface LoginFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly isRoot: boolean;
  /** Whether a service manager of the person runs. */
  readonly systemd: boolean;
  /** Node, or Electron as Node. */
  readonly executable: string;
  /** `control-plane.js`. */
  readonly program: string;
  readonly state: string;
  /** Variables that the daemon inherits from the app. */
  readonly inherited: Readonly<Record<string, string>>;
}

export interface LoginItem {
  readonly file: string;
  readonly text: string;
  /** A link that the service manager reads at login. */
  readonly link: { readonly path: string; readonly target: string } | null;
}

const NAME = 'howdah-control-plane';
const LABEL = 'org.howdah.control-plane';

/** A word of a unit's `ExecStart` or `Environment`. Source: systemd.service(5), "Command lines"; systemd.unit(5), specifiers. */
const unitWord = (word: string, dollars = true): string => {
  const plain = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
  return `"${dollars ? plain.replaceAll('$', '$$$$') : plain}"`;
};

/** A word of `Exec`. Source: the Desktop Entry Specification: quoting first, then the escapes of a string value, `%` doubled. */
const entryWord = (word: string): string =>
  `"${word.replaceAll(/["`$\\]/g, '\\$&')}"`.replaceAll('\\', '\\\\').replaceAll('%', '%%');

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const environment = ({ inherited }: LoginFacts): [string, string][] => [
  // Under Electron this makes it Node; plain Node ignores it.
  ['ELECTRON_RUN_AS_NODE', '1'],
  ...Object.entries(inherited),
];

const words = ({ executable, program, state }: LoginFacts): string[] => [executable, program, '--state', state];

function unit(facts: LoginFacts): LoginItem {
  const folder = `${facts.env['XDG_CONFIG_HOME'] || `${facts.home}/.config`}/systemd/user`;
  const file = `${folder}/${NAME}.service`;
  const text = `[Unit]
Description=Howdah control plane

[Service]
${environment(facts)
  .map(([name, value]) => `Environment=${unitWord(`${name}=${value}`, false)}`)
  .join('\n')}
ExecStart=${words(facts)
    .map((word) => unitWord(word))
    .join(' ')}
# Another one that the app has started already is fine.
SuccessExitStatus=3
# Servers and gateway outlive the daemon.
KillMode=process

[Install]
WantedBy=default.target
`;
  return { file, text, link: { path: `${folder}/default.target.wants/${NAME}.service`, target: file } };
}

function entry(facts: LoginFacts): LoginItem {
  const variables = environment(facts).map(([name, value]) => `${name}=${value}`);
  return {
    file: `${facts.env['XDG_CONFIG_HOME'] || `${facts.home}/.config`}/autostart/${NAME}.desktop`,
    text: `[Desktop Entry]
Type=Application
Name=Howdah control plane
Comment=Runs the database instances of this machine
Exec=${['env', ...variables, ...words(facts)].map(entryWord).join(' ')}
Terminal=false
NoDisplay=true
`,
    link: null,
  };
}

function agent(facts: LoginFacts): LoginItem {
  return {
    file: `${facts.home}/Library/LaunchAgents/${LABEL}.plist`,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words(facts)
  .map((word) => `    <string>${xml(word)}</string>`)
  .join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${environment(facts)
  .map(([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`)
  .join('\n')}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>AbandonProcessGroup</key>
  <true/>
</dict>
</plist>
`,
    link: null,
  };
}

/** Null where there is no login to start at: root has services of the system, and Windows is not covered. */
export function loginItem(facts: LoginFacts): LoginItem | null {
  if (facts.isRoot) return null;
  if (facts.platform === 'darwin') return agent(facts);
  if (facts.platform !== 'linux') return null;
  return facts.systemd ? unit(facts) : entry(facts);
}
