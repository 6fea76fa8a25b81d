"""Python programs that fail, each in its own way; what they raise is told by the interpreter, not by this file."""

from __future__ import annotations

PROGRAMS = {
    "value": 'def scale(x, f):\n    return [v * f for v in x] or fail(f)\n\ndef fail(f):\n    raise ValueError(f"factor {f} is not allowed for an empty list")\n\nscale([], 3)\n',
    "key": 'registry = {"conv": 1}\nregistry["DCNv2"]\n',
    "registry": 'raise KeyError("ConvWS is already registered in conv layer")\n',
    "nested-quotes": "raise KeyError(\"MaskRCNN: 'ResNeSt is not in the models registry'\")\n",
    "assertion": "def check(x):\n    assert x > 0\n\ncheck(-1)\n",
    "assertion-text": 'v = "1.7.0"\nassert v < "1.6", f"MMCV=={v} is used but incompatible. Please install mmcv>=1.3.17, <=1.6.0."\n',
    "missing-module": "import mmkettle._ext\n",
    "missing-name": "from collections import OrderedKettle\n",
    "attribute": "import json\njson.boil(1)\n",
    "none-attribute": "kettle = None\nkettle.lid.open()\n",
    "keyword": "class ResNet:\n    def __init__(self, depth):\n        self.depth = depth\n\nResNet(depth=50, foo=1)\n",
    "division": "def mean(xs):\n    return sum(xs) / len(xs)\n\nmean([])\n",
    "missing-file": 'open("/srv/kettle/data/annotations/train.json")\n',
    "index": "def pick(xs, i):\n    return xs[i]\n\npick([1, 2], 7)\n",
    "decode": 'b"\\xff\\xfe caf\\xe9".decode("utf-8")\n',
    "json": 'import json\njson.loads("{boil: 1}")\n',
    "recursion": "def boil(n):\n    return boil(n + 1)\n\nboil(0)\n",
    "own-type": "class SteamPressureError(RuntimeError):\n    pass\n\nraise SteamPressureError('valve 3: pressure 9.81 > 4.2')\n",
    "odd-type": "class DryOut(Exception):\n    pass\n\nraise DryOut('element 4 burnt at 12:30')\n",
    "memory": "raise RuntimeError('CUDA out of memory. Tried to allocate 1.53 GiB (GPU 0; 10.76 GiB total capacity; 8.61 GiB already allocated; 512.56 MiB free; 9.12 GiB reserved in total by PyTorch)')\n",
    "reduction": "raise RuntimeError('Expected to have finished reduction in the prior iteration before starting a new one. This error indicates that your module has parameters that were not used in producing loss.')\n",
    "chinese": "raise ValueError('水壶没有盖子: 请先安装')\n",
    "colon": "raise RuntimeError('boil: lid: ValueError: is not one')\n",
    "lines": "raise RuntimeError('CUDA error: device-side assert triggered\\nCUDA kernel errors might be asynchronously reported at some other API call.\\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.')\n",
    "not-implemented": "class Head:\n    def forward(self):\n        raise NotImplementedError\n\nHead().forward()\n",
    "interrupt": "def train():\n    raise KeyboardInterrupt\n\ntrain()\n",
    "undefined-name": "def step():\n    return lr * 2\n\nstep()\n",
    "unpack": "a, b = [1, 2, 3]\n",
    "shape": "raise ValueError('operands could not be broadcast together with shapes (2,3) (4,5)')\n",
    "permission": "import errno\nraise PermissionError(errno.EACCES, 'Permission denied', '/root/.cache/kettle')\n",
    "dotted": "import subprocess\nraise subprocess.TimeoutExpired(['sleep', '9'], 3)\n",
    "config": "import configparser\nconfigparser.ConfigParser().get('lid', 'open')\n",
    "url": "import urllib.error\nraise urllib.error.HTTPError('https://example.org/w.pth', 404, 'Not Found', {}, None)\n",
    "syntax": "exec(compile('def boil(:\\n    pass\\n', 'lid.py', 'exec'))\n",
    "dll": "raise ImportError('DLL load failed while importing _ext: The specified module could not be found.')\n",
    "symbol": "raise ImportError('/opt/conda/lib/python3.8/site-packages/mmcv/_ext.cpython-38-x86_64-linux-gnu.so: undefined symbol: _ZNK2at6Tensor7is_cudaEv')\n",
}
"""Each ends with one exception, uncaught, that nothing else led to."""

CHAINS = {
    "during": "try:\n    {}['lid']\nexcept KeyError:\n    raise ValueError('no lid in this kettle')\n",
    "cause": "def load():\n    try:\n        import kettle_lid\n    except ImportError as error:\n        raise RuntimeError('the kettle needs its lid') from error\n\nload()\n",
    "three": "try:\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        [][3]\nexcept IndexError as error:\n    raise OSError('last of three') from error\n",
    "notes": "error = TypeError('cold water')\nerror.add_note('heat it first')\nerror.add_note('ValueError: this is only a note')\nraise error\n",
}
"""The last exception raised is the one that a maintainer names."""

GROUPS = {
    "group": "def work():\n    raise ExceptionGroup('three jobs failed', [leaf(i) for i in range(2)])\n\ndef leaf(i):\n    try:\n        raise ValueError('job is cold')\n    except ValueError as error:\n        return error\n\nwork()\n",
    "nested-group": "def leaf():\n    try:\n        raise OSError('the tap is shut')\n    except OSError as error:\n        return error\n\nraise ExceptionGroup('outer', [ExceptionGroup('inner', [leaf()])])\n",
}
"""Groups pass on what their leaves raised."""
