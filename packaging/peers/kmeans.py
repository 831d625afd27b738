#!/usr/bin/env python3
"""scikit-learn's k-means beside Semascope's, on the same vectors, interleaved in one run.

    LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu/openblas-openmp \\
        packaging/peers/kmeans.py --n 50000 --n-init 3 --semascope build/release/app/semascope

The library path gives scikit-learn a BLAS that shares its OpenMP threads; without it, it is slower. Prints the
shortest wall time and the inertia of each, and how many times faster Semascope is than the faster algorithm.
"""
import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy as np
from sklearn.cluster import KMeans


def made(options):
    """Normal numbers, around ten centres where --apart is not 0."""
    random = np.random.RandomState(options.seed)
    centres = options.apart * random.randn(10, options.d)
    labels = random.randint(10, size=options.n)
    return (centres[labels] + random.randn(options.n, options.d)).astype("f4")


def peer(x, options, algorithm):
    model = KMeans(options.k, n_init=options.n_init, algorithm=algorithm, random_state=options.seed)
    start = time.perf_counter()
    model.fit(x)
    return time.perf_counter() - start, model.inertia_


def ours(path, options, folder):
    words = [options.semascope, "cluster", "--method", "kmeans", "--k", str(options.k), "--in", path, "--out",
             os.path.join(folder, "clusters.npy"), "--set", f"n_init={options.n_init}", "--seed", str(options.seed),
             "--json", "--quiet"]
    environment = {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"}
    result = json.loads(subprocess.run(words, check=True, capture_output=True, env=environment).stdout)
    return result["seconds"], result["inertia"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--d", type=int, default=512)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--n-init", type=int, default=20)
    parser.add_argument("--apart", type=float, default=0, help="distance of ten centres; 0 is noise")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--in", dest="path", help="vectors (.npy) instead of made ones")
    parser.add_argument("--semascope", help="the program to compare with")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vectors.npy")
        x = np.load(options.path).astype("f4") if options.path else made(options)
        np.save(path, x)
        runs = {"lloyd": lambda: peer(x, options, "lloyd"), "elkan": lambda: peer(x, options, "elkan")}
        if options.semascope:
            runs["semascope"] = lambda: ours(path, options, folder)
        seconds, inertia = {}, {}
        for _ in range(options.repeat):
            for name, run in runs.items():
                taken, inertia[name] = run()
                seconds[name] = min(taken, seconds.get(name, taken))
    print(f"{x.shape[0]}x{x.shape[1]}, k = {options.k}, n_init = {options.n_init}")
    for name in runs:
        print(f"  {name:10} {seconds[name]:9.4f} s   inertia {inertia[name]:.8g}")
    if options.semascope:
        faster = min(("lloyd", "elkan"), key=seconds.get)
        print(f"  {seconds[faster] / seconds['semascope']:.2f} times as fast as {faster}, "
              f"inertia {inertia['semascope'] / min(inertia['lloyd'], inertia['elkan']):.6f} of the lower")


if __name__ == "__main__":
    main()
