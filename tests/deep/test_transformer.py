import pickle
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
import torchvision.transforms.functional as F
from as_table import AsTable
from deep.tiny import Tiny, tiny, wide
from image_checks import FILE_CHECKS, IMAGE_CHECKS
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat import CNNFeatures, HeightMap
from tmdfeat.deep import Rendering, networks
from tmdfeat.gate import check_images


class TableCNN(AsTable, CNNFeatures):
    def __init__(self, backbone=tiny, *, weights=None, batch_size=32):
        super().__init__(backbone, weights=weights, batch_size=batch_size)


@parametrize_with_checks([TableCNN()], xfail_strict=True)
def test_follows_sklearn(estimator, check):
    check(estimator)


def test_the_battery_is_not_empty():
    assert len(list(estimator_checks_generator(TableCNN()))) >= 40


@pytest.mark.parametrize("check", IMAGE_CHECKS)
def test_follows_the_image_checks(check):
    check(CNNFeatures(tiny, weights=None))


@pytest.mark.parametrize("check", FILE_CHECKS)
def test_follows_the_file_checks(check, tmp_path):
    check(CNNFeatures(tiny, weights=None), tmp_path)


def maps(n, shape=(40, 48), seed=0):
    return list(np.random.default_rng(seed).normal(size=(n, *shape)))


MIXED = [maps(1, shape)[0] for shape in [(256, 256), (64, 100), (300, 211), (224, 224)]]


def network_input(scans, size=224):
    """What the documentation says that a network gets, with torchvision's own functions."""
    batch = []
    for z in scans:
        low, high = np.percentile(z, [0.5, 99.5])
        grey = torch.tensor(np.clip((z - low) / (high - low), 0, 1), dtype=torch.float32)
        rgb = F.resize(grey.expand(3, *z.shape), [size, size], antialias=True)
        batch.append(F.normalize(rgb, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    return torch.stack(batch)


def assert_same(features, expected, tolerance=1e-5):
    expected = np.asarray(expected)
    assert_allclose(features, expected, rtol=tolerance, atol=tolerance * np.abs(expected).mean())


@torch.inference_mode()
def test_equals_a_plain_forward_pass_of_resnet18(tmp_path):
    torch.manual_seed(3)
    model = torchvision.models.resnet18(weights=None).eval()
    torch.save(model.state_dict(), tmp_path / "weights.pth")
    x = model.maxpool(model.relu(model.bn1(model.conv1(network_input(MIXED)))))
    x = model.layer4(model.layer3(model.layer2(model.layer1(x))))
    expected = torch.flatten(model.avgpool(x), 1)
    cnn = CNNFeatures("resnet18", weights=tmp_path / "weights.pth", device="cpu")
    assert_same(cnn.fit_transform(MIXED), expected)


@torch.inference_mode()
@pytest.mark.parametrize("name", ["squeezenet1_0", "mobilenet_v2"])
def test_equals_a_plain_forward_pass_of_trained_networks(name, shared):
    path = shared / "weights" / f"{name}.pth"
    model = torchvision.models.get_model(name, weights=None).eval()
    model.load_state_dict(torch.load(path, weights_only=True))
    expected = model.features(network_input(MIXED)).mean(dim=(2, 3))
    cnn = CNNFeatures(name, weights=path, device="cpu")
    assert_same(cnn.fit_transform(MIXED), expected)


def test_a_line_is_the_picture_of_its_profile_in_every_row():
    row = np.repeat([[0.0, 2.0, 1.0, 2.0, 0.0, 0.5, 1.5, 1.0]], 8, axis=1)  # percentiles 0 and 2
    cnn = CNNFeatures("squeezenet1_1", weights=None, device="cpu")
    for line, picture in [(row, np.tile(row, (64, 1))), (row.T, np.tile(row.T, (1, 64)))]:
        assert_same(cnn.transform([line]), cnn.transform([picture]), 1e-4)


def test_batch_size_and_order_do_not_matter():
    scans = maps(7)
    cnn = CNNFeatures("squeezenet1_1", weights=None, cache=None)
    expected = cnn.fit_transform(scans)
    for batch_size in (1, 3):
        cnn.set_params(batch_size=batch_size)
        assert_same(cnn.fit_transform(scans), expected, 1e-4)
    assert_same(cnn.fit_transform(scans[::-1])[::-1], expected, 1e-4)


def test_batch_norm_is_in_eval_mode_and_its_statistics_stay(tmp_path):
    model = Tiny()
    torch.nn.init.constant_(model.bn.running_mean, 0.25)
    torch.save(model.state_dict(), tmp_path / "weights.pth")
    cnn = CNNFeatures(tiny, weights=tmp_path / "weights.pth", device="cpu", cache=None)
    first = cnn.fit_transform(maps(3))
    assert_array_equal(cnn.fit_transform(maps(3)), first)
    loaded = cnn._plan()[1].module
    assert not any(module.training for module in loaded.modules())
    assert_array_equal(loaded.bn.running_mean, np.full(6, 0.25, dtype=np.float32))
    assert int(loaded.bn.num_batches_tracked) == 0


def test_set_params_and_clone_take_effect_and_names_follow():
    cnn = CNNFeatures(tiny, weights=None).fit(maps(2))
    cnn.set_params(backbone=wide)
    for changed in (cnn, clone(cnn)):
        assert changed.transform(maps(2)).shape == (2, 12)
        assert list(changed.get_feature_names_out()[[0, 11]]) == ["wide.pool_00", "wide.pool_11"]


def test_names_need_no_fit_and_follow_the_order_of_layers():
    names = CNNFeatures("resnet18", layers=("layer1", "pool")).get_feature_names_out()
    assert len(names) == 64 + 512
    assert list(names[[0, 63, 64]]) == [
        "resnet18.layer1_00",
        "resnet18.layer1_63",
        "resnet18.pool_000",
    ]
    assert names[64 + 17] == "resnet18.pool_017"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": "pool"}, "list or tuple"),
        ({"layers": ()}, "list or tuple"),
        ({"layers": ("pool", "pool")}, "different"),
        ({"layers": ("pol",)}, "no layer 'pol'.*'pool'.*conv"),
        ({"pooling": "median"}, "pooling must be one of.*'avg'"),
        ({"views": "c4"}, "views must be one of.*'d4'"),
        ({"precision": "half"}, "precision must be one of.*'bfloat16'"),
        ({"engine": "onnx"}, "engine must be one of.*'openvino'"),
        ({"engine": "openvino", "device": "cuda"}, "openvino.*runs on the CPU"),
        ({"batch_size": 0}, "batch_size.*at least 1"),
        ({"batch_size": 2.5}, "batch_size.*integer"),
        ({"random_state": None}, "random_state.*integer"),
        ({"cache": 3}, "cache must be 'memory'"),
        ({"device": "abacus"}, "cpu"),
        ({"weights": "default"}, "no default weights"),
    ],
)
def test_wrong_parameters_are_named_by_fit_and_transform(change, message):
    cnn = CNNFeatures(tiny, weights=None).set_params(**change)
    with pytest.raises(ValueError, match=message):
        cnn.fit(maps(2))
    with pytest.raises(ValueError, match=message):
        cnn.transform(maps(2))


def test_the_seed_alone_decides_about_an_untrained_network():
    scans = maps(2)
    first = CNNFeatures(tiny, weights=None, random_state=1).fit_transform(scans)
    networks.load_network.cache_clear()
    torch.manual_seed(99)
    again = CNNFeatures(tiny, weights=None, random_state=1, cache=None).fit_transform(scans)
    other = CNNFeatures(tiny, weights=None, random_state=2).fit_transform(scans)
    assert_array_equal(again, first)
    assert not np.allclose(other, first)


def test_torchs_random_state_is_left_alone():
    networks.load_network.cache_clear()
    before = torch.random.get_rng_state()
    CNNFeatures("squeezenet1_1", weights=None, random_state=5).fit_transform(maps(1))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_pickle_holds_parameters_only():
    cnn = CNNFeatures("squeezenet1_1", weights=None)
    expected = cnn.fit_transform(maps(2))
    text = pickle.dumps(cnn)
    assert len(text) < 2_000
    assert_array_equal(pickle.loads(text).transform(maps(2)), expected)


def test_cross_validation_sends_each_image_through_the_network_once(passed):
    scans, y = maps(20), np.arange(20) % 2
    pipe = make_pipeline(CNNFeatures(tiny, weights=None), LogisticRegression())
    cross_val_score(pipe, scans, y, cv=StratifiedKFold(5))
    assert sum(passed) == 20
    cross_val_score(pipe, scans, y, cv=StratifiedKFold(5))
    assert sum(passed) == 20


def test_a_grid_search_over_clones_of_a_partial_shares_networks_and_features(passed):
    scans, y = maps(12), np.arange(12) % 2
    pipe = make_pipeline(CNNFeatures(partial(tiny, 8), weights=None), LogisticRegression())
    loads = networks.load_network.cache_info().misses
    GridSearchCV(pipe, {"logisticregression__C": [0.1, 1.0]}, cv=3).fit(scans, y)
    assert sum(passed) == 12
    assert networks.load_network.cache_info().misses - loads <= 1


def test_without_cache_each_call_computes_but_equal_images_in_one_call_once(passed):
    a, b = maps(2)
    cnn = CNNFeatures(tiny, weights=None, cache=None)
    out = cnn.fit_transform([a, b, a.copy(), HeightMap(b, name="again"), a])
    assert sum(passed) == 2
    assert_array_equal(out[[2, 3, 4]], out[[0, 1, 0]])
    cnn.transform([a, b])
    assert sum(passed) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"random_state": 1},
        {"pooling": "max"},
        {"layers": ("conv",)},
        {"backbone": wide},
        {"weights": "other.pth"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_the_result_is_not_served_from_the_cache(change, passed, tmp_path):
    if "weights" in change:
        change = {"weights": tmp_path / "other.pth"}
        torch.manual_seed(8)
        torch.save(Tiny().state_dict(), change["weights"])
    cnn = CNNFeatures(tiny, weights=None).fit(maps(3))
    before = cnn.transform(maps(3))
    after = cnn.set_params(**change).transform(maps(3))
    assert sum(passed) == 6
    assert before.shape != after.shape or not np.allclose(before, after)


def test_a_weights_file_that_was_replaced_is_read_anew(passed, tmp_path):
    path = tmp_path / "weights.pth"
    torch.save(Tiny().state_dict(), path)
    size = path.stat().st_size
    cnn = CNNFeatures(tiny, weights=path)
    before = cnn.fit_transform(maps(2))
    torch.save(Tiny().state_dict(), path)
    assert path.stat().st_size == size
    assert not np.allclose(cnn.transform(maps(2)), before)
    assert sum(passed) == 4


def test_images_are_made_one_at_a_time_and_let_go():
    alive, most = 0, 0

    class Scan(HeightMap):
        def __post_init__(self):
            nonlocal alive, most
            super().__post_init__()
            alive += 1
            most = max(most, alive)

        def __del__(self):
            nonlocal alive
            alive -= 1

    def make(image):
        return Scan(np.random.default_rng(int(image.z[0, 0])).normal(size=(32, 32)))

    images = check_images([np.full((2, 2), i) for i in range(40)]).map(make)
    CNNFeatures(tiny, weights=None, batch_size=4).fit_transform(images)
    assert most <= 3


SECOND_PROCESS = """
import sys
import numpy as np
from deep.tiny import tiny
from tmdfeat import CNNFeatures
cnn = CNNFeatures(tiny, weights=None, cache=sys.argv[1])
np.save(sys.argv[3], cnn.transform(np.load(sys.argv[2])))
"""


def test_a_folder_serves_a_second_process_and_a_run_that_was_cut_short(passed, tmp_path):
    np.save(tmp_path / "maps.npy", maps(5))
    cnn = CNNFeatures(tiny, weights=None, cache=tmp_path / "features").fit(maps(5))
    first = cnn.transform(maps(5)[:3])  # as far as the run that was cut short got
    files = [str(tmp_path / name) for name in ("features", "maps.npy", "out.npy")]
    command = [sys.executable, "-c", SECOND_PROCESS, *files]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
    before = sum(passed)
    again = cnn.transform(maps(5))
    assert sum(passed) == before == 3  # the other process computed the two that were missing
    assert_array_equal(again, np.load(tmp_path / "out.npy"))
    assert_array_equal(again[:3], first)


def test_numbers_of_numpy_are_sizes_too():
    scans = np.random.default_rng(0).normal(size=(2, 16, 16))

    def features(size):
        return CNNFeatures(tiny, weights=None, rendering=Rendering(size=size)).fit_transform(scans)

    np.testing.assert_array_equal(features(np.int64(32)), features(32))
