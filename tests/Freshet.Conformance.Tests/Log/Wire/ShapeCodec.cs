using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Freshet.Protocol.Kafka;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>Writes and reads messages field by field as their shapes say, without the code that either server uses.</summary>
internal static class ShapeCodec
{
    public static void Write(ref KafkaWriter writer, IReadOnlyList<Shape> fields, JsonObject values)
    {
        foreach (Shape field in fields.Where(field => field.Tag is null))
        {
            if (field.IsIn(writer.Version))
            {
                WriteField(ref writer, field, values.TryGetPropertyValue(field.Name, out JsonNode? value) ? value : Absent(field));
            }
        }

        if (writer.IsFlexible)
        {
            WriteTags(ref writer, fields, values);
        }
    }

    public static JsonObject Read(ref KafkaReader reader, IReadOnlyList<Shape> fields)
    {
        var values = new JsonObject();
        foreach (Shape field in fields.Where(field => field.Tag is null))
        {
            if (field.IsIn(reader.Version))
            {
                values[field.Name] = ReadField(ref reader, field);
            }
        }

        for (int left = reader.ReadTagCount(); left > 0; left--)
        {
            uint tag = reader.ReadTag(out KafkaReader content);
            Shape? field = fields.FirstOrDefault(field => field.Tag == tag);
            values[field?.Name ?? $"tag{tag}"] = field is null ? "?" : ReadField(ref content, field);
        }

        return values;
    }

    private static JsonNode? Absent(Shape field) =>
        field.Default == "null" || (field.IsNullable && field.Default is null) ? null
        : field.IsArray ? new JsonArray()
        : field.Type == "struct" ? new JsonObject()
        : JsonValue.Create(field.Default ?? (field.Type is "str" or "bytes" or "records" ? "" : field.Type == "uuid" ? Guid.Empty.ToString() : "0"));

    private static void WriteTags(ref KafkaWriter writer, IReadOnlyList<Shape> fields, JsonObject values)
    {
        short version = writer.Version;
        Shape[] told = [.. fields.Where(field => field.Tag is not null && field.IsIn(version) && values.ContainsKey(field.Name)).OrderBy(field => field.Tag)];
        writer.WriteUnsignedVarint((uint)told.Length);
        foreach (Shape field in told)
        {
            var content = new ArrayBufferWriter<byte>();
            var inner = new KafkaWriter(content, version, flexible: true);
            WriteField(ref inner, field, values[field.Name]);
            inner.Flush();
            writer.WriteUnsignedVarint(field.Tag!.Value);
            writer.WriteUnsignedVarint((uint)content.WrittenCount);
            content.WrittenSpan.CopyTo(writer.Take(content.WrittenCount));
        }
    }

    private static void WriteField(ref KafkaWriter writer, Shape field, JsonNode? value)
    {
        if (!field.IsArray)
        {
            WriteOne(ref writer, field, value);
            return;
        }

        writer.WriteLength(value?.AsArray().Count ?? -1);
        foreach (JsonNode? item in value?.AsArray() ?? [])
        {
            WriteItem(ref writer, field, item);
        }
    }

    private static void WriteItem(ref KafkaWriter writer, Shape field, JsonNode? value)
    {
        if (field.Type == "struct")
        {
            Write(ref writer, field.Fields, value!.AsObject());
        }
        else
        {
            WriteOne(ref writer, field, value);
        }
    }

    private static void WriteOne(ref KafkaWriter writer, Shape field, JsonNode? value)
    {
        string text = value is JsonValue ? value.ToString() : "";
        switch (field.Type)
        {
            case "struct":
                if (field.IsNullable)
                {
                    writer.WriteInt8(value is null ? (sbyte)-1 : (sbyte)1);
                }

                if (value is not null)
                {
                    Write(ref writer, field.Fields, value.AsObject());
                }

                break;
            case "bool": writer.WriteBool(text is "true" or "1"); break;
            case "i8": writer.WriteInt8(sbyte.Parse(text, CultureInfo.InvariantCulture)); break;
            case "i16": writer.WriteInt16(short.Parse(text, CultureInfo.InvariantCulture)); break;
            case "i32": writer.WriteInt32(int.Parse(text, CultureInfo.InvariantCulture)); break;
            case "i64": writer.WriteInt64(long.Parse(text, CultureInfo.InvariantCulture)); break;
            case "f64": writer.WriteDouble(double.Parse(text, CultureInfo.InvariantCulture)); break;
            case "uuid": writer.WriteUuid(Guid.Parse(text)); break;
            case "str": writer.WriteString(value is null ? null : text); break;
            case "bytes" or "records": WriteBytes(ref writer, field.Type == "records" ? BatchText.Bytes(value) : value is null ? null : Encoding.UTF8.GetBytes(text)); break;
            default: throw new FormatException($"{field.Name} has the unknown type {field.Type}.");
        }
    }

    private static void WriteBytes(ref KafkaWriter writer, byte[]? bytes)
    {
        if (bytes is null)
        {
            writer.WriteLength(-1);
        }
        else
        {
            writer.WriteBytes(bytes);
        }
    }

    private static JsonNode? ReadField(ref KafkaReader reader, Shape field)
    {
        if (!field.IsArray)
        {
            return ReadOne(ref reader, field);
        }

        int count = reader.ReadCount();
        if (count < 0)
        {
            return null;
        }

        var items = new JsonArray();
        for (int number = 0; number < count; number++)
        {
            items.Add(field.Type == "struct" ? Read(ref reader, field.Fields) : ReadOne(ref reader, field));
        }

        return items;
    }

    private static JsonNode? ReadOne(ref KafkaReader reader, Shape field) => field.Type switch
    {
        "struct" => field.IsNullable && reader.ReadInt8() < 0 ? null : Read(ref reader, field.Fields),
        "bool" => reader.ReadBool(),
        "i8" => reader.ReadInt8(),
        "i16" => reader.ReadInt16(),
        "i32" => reader.ReadInt32(),
        "i64" => reader.ReadInt64(),
        "f64" => reader.ReadDouble(),
        "error" => ((ErrorCode)reader.ReadInt16()).ToString(),
        "uuid" => reader.ReadUuid().ToString(),
        "str" => reader.ReadNullableString(),
        "bytes" => reader.ReadRecords() is { } bytes ? Encoding.Latin1.GetString(bytes.Span) : null,
        "records" => BatchText.Describe(reader.ReadRecords()),
        _ => throw new FormatException($"{field.Name} has the unknown type {field.Type}."),
    };
}
