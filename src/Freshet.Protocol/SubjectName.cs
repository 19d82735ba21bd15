using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Freshet.Protocol;

/// <summary>
/// Names of certificates as text after RFC 2253, exactly as Java writes them: access lists of existing deployments hold these, and
/// they are compared letter by letter.
/// </summary>
public static class SubjectName
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
    };

    /// <summary>The name as text.</summary>
    /// <exception cref="AsnContentException">The name is not encoded as one.</exception>
    public static string Of(X500DistinguishedName name)
    {
        AsnReader parts = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        List<string> written = [];
        while (parts.HasData)
        {
            AsnReader part = parts.ReadSetOf(skipSortOrderValidation: true);
            List<string> attributes = [];
            while (part.HasData)
            {
                AsnReader attribute = part.ReadSequence();
                attributes.Add(Attribute(attribute.ReadObjectIdentifier(), attribute));
            }

            written.Add(string.Join('+', attributes));
        }

        // The encoding begins with the most general part, the text with the most special one.
        written.Reverse();
        return string.Join(',', written);
    }

    private static string Attribute(string type, AsnReader value)
    {
        var tag = (UniversalTagNumber)value.PeekTag().TagValue;
        return Keywords.TryGetValue(type, out string? keyword)
            && tag is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
            ? $"{keyword}={Escape(value.ReadCharacterString(tag))}"
            : $"{type}=#{Convert.ToHexStringLower(value.ReadEncodedValue().Span)}";
    }

    private static string Escape(string value)
    {
        var escaped = new StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            bool atAnEnd = i == 0 || i == value.Length - 1;
            if (value[i] is ',' or '=' or '+' or '<' or '>' or '#' or ';' or '"' or '\\' || (value[i] == ' ' && atAnEnd))
            {
                escaped.Append('\\');
            }

            escaped.Append(value[i]);
        }

        return escaped.ToString();
    }
}
