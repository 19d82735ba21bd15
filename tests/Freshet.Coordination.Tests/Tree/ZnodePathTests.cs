using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Tests.Tree;

public class ZnodePathTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("/a", true)]
    [InlineData("/a/b.c/..d", true)]
    [InlineData("/ä/漢", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("/a/", false)]
    [InlineData("/a//b", false)]
    [InlineData("/a/./b", false)]
    [InlineData("/a/..", false)]
    [InlineData("/a\0", false)]
    [InlineData("/a\u0085", false)]
    [InlineData("/\ud83d\ude00", false)]
    [InlineData("/\ufff0", false)]
    public void A_path_is_valid_as_the_protocol_says(string path, bool valid) => Assert.Equal(valid, ZnodePath.IsValid(path));

    [Theory]
    [InlineData("/a/b", "/a")]
    [InlineData("/a", "/")]
    [InlineData("/", "")]
    [InlineData("a", "")]
    public void The_parent_is_everything_before_the_last_slash(string path, string parent) => Assert.Equal(parent, ZnodePath.Parent(path).ToString());
}
