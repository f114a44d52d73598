import numpy as np
import torch

from attnaudit.models.leave_one_out.tangent import tanh_


def test_it_is_the_tangent_to_rounding_over_the_whole_line_and_in_place():
    points = torch.cat([torch.linspace(-20, 20, 401), torch.tensor([-1e4, 1e4])]).double()
    given = points.clone()
    found = tanh_(given)
    np.testing.assert_allclose(found.numpy(), np.tanh(points.numpy()), atol=4e-16, rtol=0)
    assert found.data_ptr() == given.data_ptr()
