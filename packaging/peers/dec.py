"""The same autoencoder, DEC and IDEC in PyTorch, to compare speed and scores at equal steps.
Usage: dec.py ROWS.npy LABELS.npy dec|idec [--threads N] [--epochs N] [--steps N] [--interval N] [--seed N] [--recipe quick|sgd]"""
import argparse
import math
import time

import numpy
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows")
    parser.add_argument("labels")
    parser.add_argument("method", choices=["dec", "idec"])
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--steps", type=int, default=240, help="mini-batches of the refinement")
    parser.add_argument("--interval", type=int, default=0, help="mini-batches between two updates; 0: an epoch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--recipe", choices=["quick", "constant", "sgd"], default="quick")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--gamma", type=float, default=0.1)
    return parser.parse_args()


def dense(widths):
    layers = []
    for i in range(len(widths) - 1):
        layers.append(torch.nn.Linear(widths[i], widths[i + 1]))
        if i + 2 < len(widths):
            layers.append(torch.nn.ReLU())
    return torch.nn.Sequential(*layers)


def batches(n, size):
    while True:
        for part in torch.randperm(n).split(size):
            yield part


def student(z, mu):
    q = 1 / (1 + (z.unsqueeze(1) - mu).square().sum(2))
    return q / q.sum(1, keepdim=True)


def target(q):
    p = q.square() / q.sum(0)
    return p / p.sum(1, keepdim=True)


def pretrain(o, encoder, decoder, x):
    weights = list(encoder.parameters()) + list(decoder.parameters())
    sgd = o.recipe == "sgd"
    optimiser = torch.optim.SGD(weights, lr=1.0, momentum=0.9) if sgd else torch.optim.Adam(weights, lr=1e-3)
    each = math.ceil(len(x) / o.batch)
    source = batches(len(x), o.batch)
    for step in range(o.epochs * each):
        if o.recipe == "quick":
            optimiser.param_groups[0]["lr"] = 1e-3 * (0.1 + 0.45 * (1 + math.cos(math.pi * step / (o.epochs * each))))
        b = x[next(source)]
        optimiser.zero_grad(set_to_none=True)
        loss = (decoder(encoder(b)) - b).square().mean()
        loss.backward()
        optimiser.step()
    return loss.item()


def refine(o, encoder, decoder, mu, x):
    weights = list(encoder.parameters()) + [mu] + (list(decoder.parameters()) if o.method == "idec" else [])
    sgd = o.recipe == "sgd"
    optimiser = torch.optim.SGD(weights, lr=0.01, momentum=0.9) if sgd else torch.optim.Adam(weights, lr=1e-3)
    source = batches(len(x), o.batch)
    interval = o.interval or math.ceil(len(x) / o.batch)
    for step in range(o.steps):
        if step % interval == 0:
            with torch.no_grad():
                p = target(student(encoder(x), mu))
        rows = next(source)
        b = x[rows]
        optimiser.zero_grad(set_to_none=True)
        z = encoder(b)
        loss = torch.nn.functional.kl_div(student(z, mu).log(), p[rows], reduction="batchmean")
        if o.method == "idec":
            loss = (decoder(z) - b).square().mean() + o.gamma * loss
        loss.backward()
        optimiser.step()


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    x = torch.from_numpy(numpy.load(o.rows).astype("float32"))
    labels = numpy.load(o.labels)
    widths = [x.shape[1], 500, 500, 2000, max(10, o.k)]
    encoder, decoder = dense(widths), dense(widths[::-1])
    begin = time.perf_counter()
    error = pretrain(o, encoder, decoder, x)
    trained = time.perf_counter()
    with torch.no_grad():
        z = encoder(x)
    start = KMeans(o.k, n_init=20, random_state=o.seed).fit(z.numpy())
    mu = torch.nn.Parameter(torch.from_numpy(start.cluster_centers_))
    clustered = time.perf_counter()
    refine(o, encoder, decoder, mu, x)
    with torch.no_grad():
        found = student(encoder(x), mu).argmax(1).numpy()
    end = time.perf_counter()
    print(f"{o.method} threads {o.threads} seed {o.seed}: {end - begin:.2f} s (pre-training {trained - begin:.2f}, "
          f"k-means {clustered - trained:.2f}, refinement {end - clustered:.2f}), last loss {error:.5f}, "
          f"AMI {adjusted_mutual_info_score(labels, start.labels_):.4f} -> "
          f"{adjusted_mutual_info_score(labels, found):.4f}")


main()
