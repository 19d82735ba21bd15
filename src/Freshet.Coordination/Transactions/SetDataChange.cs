using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A znode gets new data and the stated version.</summary>
internal sealed class SetDataChange(string path, byte[]? data, int version) : Change
{
    public override ChangeKind Kind => ChangeKind.SetData;

    public string Path => path;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events)
    {
        if (state.Tree.SetData(path, data, data is null, version, at) is not Znode znode)
        {
            events?.Swallowed(at);
            return;
        }

        events?.DataChanged(path, znode, at);
    }

    public override void Write(JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteBuffer(data);
        writer.WriteInt32(version);
    }

    public static new SetDataChange Read(ref JuteReader reader) => new(reader.ReadPath(), reader.ReadBytes(), reader.ReadInt32());
}
