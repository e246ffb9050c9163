import { expect, test } from '@jest/globals';
import { requirementsText } from '../../../src/results/requirements.js';

const packages = { numpy: '2.4.0', pandas: '3.0.1', 'scikit-learn': '1.9.0', 'xgboost-cpu': '3.1.0', pillow: '12.0.0' };

test('imports become pinned distributions, the standard library and strangers do not', () => {
  const program =
    'import os\nimport numpy as np\nfrom sklearn.linear_model import Ridge\nimport xgboost as xgb\nfrom PIL import Image\nimport strange\n';
  expect(requirementsText([program], packages)).toBe(
    'numpy==2.4.0\npandas==3.0.1\npillow==12.0.0\nscikit-learn==1.9.0\nxgboost==3.1.0\n',
  );
});
