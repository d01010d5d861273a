"""Recipes for the frozen vectors, and their choice: by grouped folds of training scans alone."""

import pandas as pd
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import chi2_kernel
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds
from tmdfeat.study import LatentClassifier, compare_models
from tmdfeat.study.latent_classifier import root_scaled
from tmdfeat.targets import AtomClassifier

FIRST_LOOK = {
    "standardise, SVC C=10": make_pipeline(StandardScaler(), SVC(C=10)),
    "root, SVC C=10": make_pipeline(*root_scaled(), SVC(C=10)),
}


def recipes() -> dict:
    """All candidates by name: usual classifiers, a network, elements, kernels."""
    logistic = LogisticRegression(C=0.01, max_iter=2000)
    balanced = LogisticRegression(C=0.01, max_iter=2000, class_weight="balanced")
    network = MLPClassifier((100,), alpha=1.0, max_iter=40, random_state=0)
    ridge = KernelRidge(kernel="rbf", gamma=1.25 / 512, alpha=0.03)
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3)
    after_root = {
        "SVC C=10, gamma doubled": SVC(C=10, gamma=2 / 512),
        "SVC C=10, balanced": SVC(C=10, class_weight="balanced"),
        "SVC one against all": OneVsRestClassifier(SVC(C=3, gamma=1.25 / 512)),
        "LogReg C=0.01": logistic,
        "LogReg C=0.01, balanced": balanced,
        "LDA shrunk 0.3": lda,
        "cosine 5-NN": KNeighborsClassifier(5, weights="distance", metric="cosine"),
        "MLP(100)": network,
        "LogReg of elements": AtomClassifier(MultiOutputClassifier(logistic)),
        "MLP(100) of elements": AtomClassifier(network),
        "kernel ridge": OneVsRestClassifier(ridge),
    }
    chi2 = SVC(C=10, kernel=chi2_of_shares)
    return {
        **FIRST_LOOK,
        **{f"root, {name}": make_pipeline(*root_scaled(), m) for name, m in after_root.items()},
        "unit sum, SVC with chi² kernel": make_pipeline(Normalizer("l1"), chi2),
        "ExtraTrees(200)": ExtraTreesClassifier(200, random_state=0),
        **{
            f"LatentClassifier, gamma={gamma:g}, alpha={alpha:g}": LatentClassifier(
                gamma=gamma, alpha=alpha
            )
            for gamma, alpha in ((1.25, 0.03), (1.0, 0.03), (1.5, 0.03), (1.25, 0.01), (1.25, 0.1))
        },
    }


def chi2_of_shares(A, B):
    """Exponential chi-squared kernel; shares of 512 channels are some 0.2 apart."""
    return chi2_kernel(A, B, gamma=5.0)


def ranking(models, X, y, groups, *, repeats, seed) -> pd.DataFrame:
    """Mean accuracy and macro-F1 of each recipe over the same grouped folds, the best first."""
    found = compare_models(models, X, y, groups, repeats=repeats, random_state=seed)
    table = found.summary.pivot(index="model", columns="metric", values="mean")
    return table.sort_values(["accuracy", "f1_macro"], ascending=False)


def nested(X, y, groups, *, repeats, seed) -> tuple[list[str], pd.DataFrame]:
    """What was chosen in each outer fold, by its training part alone, and how that scored."""
    outer = run_folds(DummyClassifier(), X, y, groups, repeats=repeats, random_state=seed).folds
    chosen, scores = [], []
    for i, fold in enumerate(outer):
        t = fold.train
        best = ranking(recipes(), X[t], y[t], groups[t], repeats=1, seed=seed + i).index[0]
        chosen.append(best)
        split = [(fold.train, fold.test)]
        scores.append(run_folds(recipes()[best], X, y, groups, cv=split).scores)
    return chosen, pd.concat(scores, ignore_index=True)
