import { expect, test } from '@jest/globals';
import { compareVersions, hasPackage, parseDependency } from '../../../src/domain/packages.js';

test('versions compare by number, part by part', () => {
  expect(compareVersions('4.10.0', '4.9')).toBe(1);
  expect(compareVersions('2.0', '2')).toBe(0);
  expect(compareVersions('1.9.1', '2')).toBe(-1);
  expect(compareVersions('3.0rc1', '3')).toBe(0);
});

test('a dependency is a name with at most a lowest version', () => {
  expect(parseDependency('lightgbm>=4.1')).toEqual({ name: 'lightgbm', atLeast: '4.1' });
  expect(parseDependency(' scikit-learn ')).toEqual({ name: 'scikit-learn' });
  for (const text of ['lightgbm==4', 'a b', '>=4', '']) expect(parseDependency(text)).toBeUndefined();
});

test('a package counts under its import name, its distribution name and its CPU build', () => {
  const packages = { 'xgboost-cpu': '3.2.0', 'scikit-learn': '1.9.1', scikit_image: '0.26' };
  expect(hasPackage(packages, { name: 'xgboost', atLeast: '3' })).toBe(true);
  expect(hasPackage(packages, { name: 'sklearn' })).toBe(true);
  expect(hasPackage(packages, { name: 'skimage' })).toBe(true);
  expect(hasPackage(packages, { name: 'scikit-learn', atLeast: '2' })).toBe(false);
  expect(hasPackage(packages, { name: 'torch' })).toBe(false);
});
