using System.Text.Json;

namespace Freshet.Broker.Cluster;

/// <summary>Data of a kind of znode, a JSON object. Field by field: a serializer takes longer to get going than all other work of a first start on JSON.</summary>
internal interface IZnodeData<TSelf>
    where TSelf : class, IZnodeData<TSelf>
{
    /// <summary>Takes what is known of an object; what is missing is null or 0.</summary>
    /// <exception cref="InvalidOperationException">A field, or the whole, is of another type.</exception>
    /// <exception cref="FormatException">A number is out of range.</exception>
    static abstract TSelf Read(JsonElement json);

    /// <summary>Writes the fields of an object that is begun and ended by the caller.</summary>
    void Write(Utf8JsonWriter json);
}
