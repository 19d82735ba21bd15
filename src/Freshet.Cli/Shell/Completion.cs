using Freshet.Coordination.Client;

namespace Freshet.Cli.Shell;

/// <summary>What a line may go on as: a verb, or behind one a znode that exists.</summary>
internal sealed class Completion(ShellSession session)
{
    public async ValueTask<IReadOnlyList<string>> OfAsync(string line)
    {
        int word = line.LastIndexOf(' ') + 1;
        if (word == 0)
        {
            return [.. VerbTable.All.Select(verb => verb.Name).Where(name => name.StartsWith(line, StringComparison.OrdinalIgnoreCase)).Select(name => name + " ").Order(StringComparer.Ordinal)];
        }

        int slash = line.LastIndexOf('/');
        if (slash < word || line[word] != '/')
        {
            return [];
        }

        string parent = slash == word ? "/" : line[word..slash];
        try
        {
            ZnodeChildren children = await session.Client.GetChildrenAsync(parent);
            return
            [
                .. from name in children.Names.Order(StringComparer.Ordinal)
                   where name.StartsWith(line[(slash + 1)..], StringComparison.Ordinal)
                   select line[..(slash + 1)] + name,
            ];
        }
        catch (Exception nothing) when (nothing is CoordinationException or ShellException)
        {
            return [];
        }
    }
}
