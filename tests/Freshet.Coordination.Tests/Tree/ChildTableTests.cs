using System.Text;
using CsCheck;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Tests.Tree;

public class ChildTableTests
{
    [Fact]
    public void It_finds_exactly_the_children_that_were_added_and_not_removed() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 40]).Array[0, 300].Sample(steps =>
        {
            var table = new ChildTable();
            var model = new Dictionary<string, Znode>();
            foreach ((bool add, int number) in steps)
            {
                byte[] name = Encoding.UTF8.GetBytes($"n{number}");
                if (add && table.Find(name) is null)
                {
                    var child = new Znode(null, name, ChildTable.Hash(name), default, dataIsNull: true);
                    table.Add(child);
                    model.Add($"n{number}", child);
                }
                else if (!add && table.Find(name) is Znode child)
                {
                    Assert.True(table.Remove(child));
                    model.Remove($"n{number}");
                }
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(model.Keys.Order(), table.ToArray().Select(child => Encoding.UTF8.GetString(child.Name)).Order());
            Assert.All(model, entry => Assert.Same(entry.Value, table.Find(Encoding.UTF8.GetBytes(entry.Key))));
        });
}
