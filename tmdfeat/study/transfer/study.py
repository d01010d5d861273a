"""transfer_study: find the way of transferring knowledge that copes with few, unequal scans."""

import pandas as pd

from tmdfeat.study.transfer.results import run_transfer


def transfer_study(
    X,
    y,
    groups,
    *,
    stages,
    strategies,
    targets=("multiclass",),
    n_new=(None,),
    by="image",
    vary="new",
    n_splits=5,
    repeats=1,
    validation_fraction=0.1,
    store=None,
    n_jobs=None,
    random_state=0,
    paper=False,
    carry_over=None,
    batch_norm=None,
    start_fold=None,
    fixed_test=None,
) -> pd.DataFrame:
    """Compare ways of transferring knowledge, stage by stage, with few images of what is new.

    All strategies and targets see the same images, in each fold the same to train on, to choose
    the epoch by and to test on, and get the same seeds. Folds are made once over all classes, and
    a stage uses the images of its classes: a network that comes from the stage before has not
    seen the images it is tested on. `run_transfer` does the same and returns predictions too.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`; or a table, if that is what strategies take
    y, groups : array-like of shape (n,)
        Labels, and which images show one sample. Images of classes that no stage names are left
        out.
    stages : list of lists of labels
        What each stage adds, e.g. ``[["MoS2", "WS2"], ["WSe2"], ["MoSe2"], ["Mo-WSe2"]]``. The
        first is where sequential strategies start; only they run it, unless it is the only one.
    strategies : dict
        By name: any classifier, also a Pipeline, or a `Sequential` one; see
        `transfer_strategies`. Their `random_state` is set here.
    targets : sequence of {"multiclass", "atoms"}
        ``"atoms"``: ask for the elements one by one; labels must be formulas. Networks get the
        loss for it, other classifiers are put into `tmdfeat.targets.AtomClassifier`.
    n_new : sequence of int, pair of int, or None
        How many images of a newly added class to train on; None: all. A pair also says how many
        choose the epoch, as the published (57, 7), see `PAPER_VOLUMES`. What some fold has not
        images enough for is left out, with a warning.
    by : {"image", "group"}, default "image"
        Draw images, or whole samples until there are at least so many images.
    vary : {"new", "all"}, default "new"
        Cut the newly added class, as in the paper, or every class.
    n_splits : int, default 5
        Folds; each class needs as many groups.
    repeats : int, default 1
        How often to split anew.
    validation_fraction : float, default 0.1
        Of the images that are not tested on, by groups, to choose networks' epoch by. Nobody
        trains on them.
    store : path, optional
        Folder that keeps every finished run. The same call then goes on where it was stopped,
        and other calls find the runs that they share with it.
    n_jobs : int, optional
        Runs at once. On one GPU, or for networks on few cores, 1 is fastest.
    random_state : int, default 0
    paper : bool, default False
        Run as the published study did: the four habits below, epochs chosen by its rule
        (``select="paper"``) and images drawn with its seed. Scores are then too good.
    carry_over : bool, optional
        Networks that are not sequential begin each fold with the weights of the fold before.
    batch_norm : str, optional
        Policy for all networks: published is ``"paper"``. None: published or, unless `paper`, as
        the networks say.
    start_fold : int or "same", optional
        From which fold of the stage before sequential networks start. Published is 2, for all
        folds, although it was trained on images on which others are validated.
    fixed_test : bool, optional
        One test set, the first of ten unshuffled folds, and `n_splits` folds of the rest that
        train and validate. Intervals over such folds say nothing about other samples.

    Returns
    -------
    DataFrame
        One row per run: strategy, target, stage, classes, added, n_new (asked for; missing: all),
        repeat, fold; n_train, n_validation, n_test images; n_new_train and n_new_validation (of
        the newly added classes); accuracy, balanced_accuracy, f1_macro on the test images, and
        with train_ and validation_ on the others; epochs and seconds of the fit.

    Raises
    ------
    ValueError
        If labels or groups are missing, a class has too few groups, stages or labels do not
        fit, or no stage has images enough.
    TypeError
        If a strategy is no classifier, or cannot start from another.

    Warns
    -----
    UserWarning
        Where an entry of `n_new` is more than there is.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> y = np.repeat(["MoS2", "WS2", "WSe2"], 20)
    >>> X, growths = np.repeat([0.0, 1.0, 2.0], 20)[:, None], np.arange(60)
    >>> table = transfer_study(
    ...     X, y, growths, stages=[["MoS2", "WS2"], ["WSe2"]], n_new=(None, 4), n_splits=2,
    ...     strategies={"frozen": KNeighborsClassifier(1)})
    >>> table[["n_new", "fold", "n_train", "n_new_train", "accuracy"]].values.tolist()
    [[<NA>, 0, 27, 9, 1.0], [<NA>, 1, 27, 9, 1.0], [4, 0, 22, 4, 1.0], [4, 1, 22, 4, 1.0]]
    """
    results = run_transfer(
        X,
        y,
        groups,
        stages=stages,
        strategies=strategies,
        targets=targets,
        n_new=n_new,
        by=by,
        vary=vary,
        n_splits=n_splits,
        repeats=repeats,
        validation_fraction=validation_fraction,
        store=store,
        n_jobs=n_jobs,
        random_state=random_state,
        paper=paper,
        carry_over=carry_over,
        batch_norm=batch_norm,
        start_fold=start_fold,
        fixed_test=fixed_test,
    )
    return results.scores
