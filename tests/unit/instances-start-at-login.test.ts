import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginItem, type LoginFacts } from '../../electron/features/instances/login-item';
import { createStartAtLogin } from '../../electron/features/instances/start-at-login';

const facts: LoginFacts = {
  platform: 'linux',
  env: {},
  home: '/home/ada',
  isRoot: false,
  systemd: true,
  executable: '/opt/How dah/howdah',
  program: '/opt/How dah/resources/app.asar/out/main/control-plane.js',
  state: '/home/ada/$tate 100% "x"\\',
  inherited: { HOWDAH_SHIPPED_POSTGRES: '/opt/How dah/resources/postgres' },
};

describe('what starts the control plane at login', () => {
  it('is a unit of systemd', () => {
    const item = loginItem(facts);
    expect(item).toMatchObject({
      file: '/home/ada/.config/systemd/user/howdah-control-plane.service',
      link: {
        path: '/home/ada/.config/systemd/user/default.target.wants/howdah-control-plane.service',
        target: '/home/ada/.config/systemd/user/howdah-control-plane.service',
      },
    });
    const lines = item?.text.split('\n') ?? [];
    expect(lines).toContain('Environment="ELECTRON_RUN_AS_NODE=1"');
    expect(lines).toContain('Environment="HOWDAH_SHIPPED_POSTGRES=/opt/How dah/resources/postgres"');
    expect(lines).toContain(
      String.raw`ExecStart="/opt/How dah/howdah" "/opt/How dah/resources/app.asar/out/main/control-plane.js" "--state" "/home/ada/$$tate 100%% \"x\"\\"`,
    );
    // Servers must outlive the daemon that started them.
    expect(lines).toContain('KillMode=process');
  });

  it('is an autostart entry without systemd', () => {
    const item = loginItem({ ...facts, systemd: false, env: { XDG_CONFIG_HOME: '/home/ada/conf' } });
    expect(item).toMatchObject({ file: '/home/ada/conf/autostart/howdah-control-plane.desktop', link: null });
    expect(item?.text).toContain(
      String.raw`Exec="env" "ELECTRON_RUN_AS_NODE=1" "HOWDAH_SHIPPED_POSTGRES=/opt/How dah/resources/postgres" "/opt/How dah/howdah" `,
    );
    expect(item?.text).toContain(String.raw`"--state" "/home/ada/\\$tate 100%% \\"x\\"\\\\"`);
  });

  it('is a launch agent on macOS', () => {
    const item = loginItem({ ...facts, platform: 'darwin', state: '/Users/a&b' });
    expect(item?.file).toBe('/home/ada/Library/LaunchAgents/org.howdah.control-plane.plist');
    expect(item?.text).toContain('<string>/Users/a&amp;b</string>');
    expect(item?.text).toMatch(/<key>RunAtLoad<\/key>\s*<true\/>/);
  });

  it('is not offered to root and on Windows', () => {
    expect(loginItem({ ...facts, isRoot: true })).toBeNull();
    expect(loginItem({ ...facts, platform: 'win32' })).toBeNull();
  });
});

describe('start at login', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'howdah-login-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const open = (change: Partial<LoginFacts> = {}) => createStartAtLogin({ ...facts, home, ...change });
  const entry = () => join(home, '.config/autostart/howdah-control-plane.desktop');
  const unit = () => join(home, '.config/systemd/user/howdah-control-plane.service');
  const wants = () => join(home, '.config/systemd/user/default.target.wants/howdah-control-plane.service');
  const there = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  const withSystemd = (): Partial<LoginFacts> => {
    mkdirSync(join(home, 'run/systemd'), { recursive: true });
    writeFileSync(join(home, 'run/systemd/private'), '');
    return { env: { XDG_RUNTIME_DIR: join(home, 'run') } };
  };

  it('is turned on and off by a file that only its owner can change', async () => {
    const start = open();
    expect(await start.state()).toEqual({ enabled: false, available: true });
    await start.set(true);
    expect(await start.state()).toEqual({ enabled: true, available: true });
    expect(statSync(entry()).mode & 0o022).toBe(0);
    await start.set(false);
    expect(await start.state()).toEqual({ enabled: false, available: true });
    expect(there(entry())).toBe(false);
  });

  it('prefers systemd where it runs, and leaves no entry of the other way', async () => {
    await open().set(true);
    const start = open(withSystemd());
    expect(await start.state()).toEqual({ enabled: false, available: true });
    await start.set(true);
    expect(there(entry())).toBe(false);
    expect(readlinkSync(wants())).toBe(unit());
    expect(await start.state()).toEqual({ enabled: true, available: true });
    await start.set(false);
    expect([unit(), wants()].some(there)).toBe(false);
  });

  it('follows the program when it moves', async () => {
    await open().set(true);
    await open({ executable: '/opt/new/howdah' }).state();
    expect(readFileSync(entry(), 'utf8')).toContain('"/opt/new/howdah"');
  });

  it('says honestly that root has no login', async () => {
    const start = open({ isRoot: true });
    expect(await start.state()).toEqual({ enabled: false, available: false });
    await expect(start.set(true)).rejects.toMatchObject({ code: 'unsupported' });
  });
});
